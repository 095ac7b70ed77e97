"""Names of fields in other languages say what their English names say."""

from __future__ import annotations

import pytest

from saascore.privacy import languages
from saascore.privacy.keys import split_words
from saascore.privacy.scanner import Scanner

SCANNER = Scanner()
NAMES = {
    "raw-customer-id": ["kundennummer", "KundenId", "id_cliente", "klant_id", "客户编号"],
    "raw-subscription-id": ["abonnement_id", "aboId", "ID-Abbonamento", "サブスクリプションID"],
    "raw-account-id": ["konto_id", "identifiant_compte", "id_cuenta", "アカウントID"],
    "raw-owner-id": ["besitzer_id", "Eigentümer-ID", "propriétaire_id", "id_del_propietario", "所有者ID"],
    "raw-actor-id": ["id_acteur", "akteur_id", "操作者ID"],
    "raw-user-id": ["benutzerkennung", "id_usuario", "utente_id", "ユーザーID", "用户ID"],
    "raw-workspace-id": ["id_espacio", "arbeitsbereich_id", "工作区ID", "mandanten_nr"],
}


@pytest.mark.parametrize(
    ("category", "name"), [(category, name) for category in NAMES for name in NAMES[category]]
)
def test_a_short_number_under_the_name_of_an_id_is_raw(category, name):
    assert {finding.category for finding in SCANNER.scan_json({name: 15})} == {category}


@pytest.mark.parametrize(
    "name", ["Anzahl Kunden", "nombre_de_clients", "kontostand", "total_usuarios", "用户总数"]
)
def test_other_names_of_the_same_people_are_free_to_count_them(name):
    assert SCANNER.scan_json({name: 15}) == []


def test_a_catalogue_of_messages_names_ids_and_holds_none():
    assert SCANNER.scan_json({"customer.id": "Kundennummer", "usage.title": "Nutzung"}) == []


def test_every_word_is_read_as_its_english():
    assert all(split_words(word) == english.split() for word, english in languages.WORDS.items())


@pytest.mark.parametrize(
    "line", ["propriétaire_id=4711", "ユーザーID: 4711", "job 7 用户ID=4711 ok", "Kunden-ID: 4711"]
)
def test_names_of_any_script_are_read_in_free_text(line):
    assert {finding.category for finding in SCANNER.scan_text(line)} <= {
        "raw-owner-id",
        "raw-user-id",
        "raw-customer-id",
    }
    assert SCANNER.scan_text(line)
