"""Words of other languages in names of fields, in the English that the rules are written in.

A name is read word by word, so that the small words of a trade are enough: ``id_cliente`` reads as ``id customer``,
``Kundennummer`` as ``customer number``. Words that English uses for something else are left out.
"""

from __future__ import annotations

from saascore.privacy.regex import regex

# English, then German, French, Spanish, Italian, Portuguese and Dutch; accents are taken off before a name is read.
_LATIN = """
user: benutzer nutzer anwender utilisateur usuario utente utilizador gebruiker
customer: kunde kunden cliente clientes clienti klant klanten acheteur comprador acquirente kaeufer
account: konto konten compte comptes cuenta conto conta
subscription: abo abos abonnement abonnements abonnent suscripcion abbonamento assinatura subscricao
owner: besitzer inhaber eigentumer eigentuemer proprietaire propietario proprietario dueno titular titolare eigenaar
actor: akteur acteur attore ator bearbeiter
workspace: arbeitsbereich espace espacio spazio espaco werkruimte
tenant: mandant mandanten locataire inquilino
organization: organizacion organizzazione organizacao organisatie
member: mitglied membre miembro membro
invoice: rechnung facture factura fattura fatura factuur
order: bestellung auftrag commande pedido ordine encomenda
contract: vertrag contrat contrato contratto
payment: zahlung paiement pago pagamento betaling
id: kennung identifiant identificador identificativo
number: nummer numero
password: passwort kennwort contrasena senha wachtwoord
phone: telefon telefono telefone telefoon
"""
# Japanese and Chinese (both scripts), which write words without spaces: each is replaced where it stands.
_IDEOGRAPHIC = {
    "user": "ユーザー ユーザ 利用者 用户 用戶",
    "customer": "顧客 お客様 客户 客戶",
    "account": "アカウント 口座 账户 账号 帐户 帳戶 帳號",
    "subscription": "サブスクリプション 定期購入 订阅 訂閱",
    "owner": "所有者 オーナー 拥有者 擁有者",
    "actor": "実行者 操作者 操作人",
    "workspace": "ワークスペース 工作区 工作區 工作空间",
    "tenant": "テナント 租户 租戶",
    "organization": "組織 组织",
    "member": "会員 メンバー 会员 會員",
    "invoice": "請求書 发票 發票",
    "order": "注文 订单 訂單",
    "contract": "契約 合同",
    "number": "番号 编号 編號 号码",
    "password": "パスワード 密码 密碼",
    "phone": "電話 电话",
}

WORDS: dict[str, str] = {
    word: english
    for english, _, words in (line.partition(":") for line in _LATIN.split("\n") if line)
    for word in words.split()
}
_WRITTEN = {word: f" {english} " for english, words in _IDEOGRAPHIC.items() for word in words.split()}
_ANY_WRITTEN = regex("|".join(sorted(_WRITTEN, key=len, reverse=True)))


def spaced(name: str) -> str:
    """Return a name with its Japanese and Chinese words as English ones between spaces."""
    return _ANY_WRITTEN.sub(lambda found: _WRITTEN[found[0]], name)
