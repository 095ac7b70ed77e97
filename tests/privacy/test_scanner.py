"""What the scanner decides: the dilemmas, the layers, the formats, the profiles."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import string
import tarfile
import uuid
import zipfile

import pytest

from saascore.contract.usage import UsageEvent
from saascore.errors import SaascoreError
from saascore.privacy.references import Redactor
from saascore.privacy.scanner import Scanner, assert_public_safe

DRAW = random.Random(20261123)
REDACTOR = Redactor("k1", b"a key for these tests, 32 bytes.", "tests")


def drawn(length, alphabet=string.ascii_letters + string.digits):
    return "".join(DRAW.choice(alphabet) for _ in range(length - 2)) + "7x"


def hexadecimal(length):
    return "a1" + "".join(DRAW.choice("0123456789abcdef") for _ in range(length - 2))


TOKEN = drawn(24)
UUID = str(uuid.UUID(int=DRAW.getrandbits(128), version=4))
ULID = "01" + "".join(DRAW.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(24))
CUSTOMER = "cus_" + drawn(14)


@pytest.fixture
def scanner():
    return Scanner()


def categories(findings):
    return {finding.category for finding in findings}


CLEAN = {
    "commit under its name": {"commit_sha": hexadecimal(40)},
    "tree": {"tree": hexadecimal(64)},
    "commit in prose": f"built from commit {hexadecimal(40)} today",
    "short commit": f"see {'commit ' + hexadecimal(8)}",
    "digest": {"anything": "sha256:" + hexadecimal(64)},
    "integrity": {"integrity": "sha256-" + base64.b64encode(bytes(range(32))).decode()},
    "event id": {"event_id": UUID, "idempotency_key": ULID},
    "label under an id-like name": {"owner": "cloudflare-saas-core", "workspace": "core-fixture"},
    "names with positions": {"tokens_in": 15_321_222, "token_budget": 4096, "secret_name": "stripe-webhook"},
    "redacted": {
        "user_id": "[redacted]",
        "customer": None,
        "email": "",
        "account": REDACTOR.redact("customer", 1),
    },
    "placeholders": {"api_key": "<your key>", "password": "xxxxxxxx", "token": "${TOKEN}"},
    "counts": {"users": 12_345_678, "by_plan": {"free": 1_234_567, "pro": 2_345_678}, "bytes": 123_456_789},
    "schema": {
        "type": "object",
        "properties": {"user_id": {"type": "string"}, "raw_payload": {"type": "object"}},
        "required": ["user_id", "email"],
    },
    "prose": "Never publish a customer_id, an api_key or a storage key; see docs/privacy.md.",
    "instants and windows": {
        "from": "2026-03-01T00:00:00Z",
        "window": "2026-03-01/2026-04-01",
        "at": 1_767_225_600,
    },
    "model names": {"model": "claude-3-5-sonnet-20241022", "size": "1024x1024", "region": "eu-west-1"},
    "operators": {"operator": "op:launch-review", "approval": "op:change-12"},
    "source": "def reference(user_id: str, customer=None) -> str:\n    return redact('workspace', row['workspace_id'])\n",
    "table of counts": "| customers | 85,871 | 30.89% |\n|---|---|---|\n| users | 12,345 | 5 ms |\n",
    "encoded clean text": {
        "content": base64.b64encode(b"Accepted by the nightly run after one retry.").decode()
    },
}


@pytest.mark.parametrize("case", CLEAN)
def test_public_values_pass(scanner, case):
    value = CLEAN[case]
    found = scanner.scan_text(value) if isinstance(value, str) else scanner.scan_json(value)
    assert not found
    assert not scanner.scan_text(value if isinstance(value, str) else json.dumps(value))


RAW = {
    "md5 under a checksum": ({"checksum": hexadecimal(32)}, "opaque"),
    "commit without a word": (f"value {hexadecimal(40)}", "opaque"),
    "uuid elsewhere": ({"thing": UUID}, "opaque"),
    "ulid elsewhere": ({"thing": ULID}, "opaque"),
    "small integer under a raw name": ({"user_id": 7}, "raw-user-id"),
    "id below its kind": ({"customer": {"id": 55}}, "raw-customer-id"),
    "other word order": ({"idCustomer": "A-77120"}, "raw-customer-id"),
    "abbreviated": ({"acctNo": "7712043"}, "raw-account-id"),
    "somebody's handle": ({"user_id": "alice"}, "raw-user-id"),
    "id inside an event id": ({"event_id": f"usage:user-{'90210' * 2}:2026-03"}, "opaque"),
    "test-mode credential": ({"note": "sk_" + "test_" + TOKEN}, "provider-credential"),
    "name of a raw id": ({CUSTOMER: 3}, "raw-customer-id"),
    "integers in a list": ({"buyers": [2303599, 2303602]}, "raw-customer-id"),
    "name and value apart": ({"fields": [{"name": "user_id", "value": "u-4711"}]}, "raw-user-id"),
    "rows under columns": ({"columns": ["user_id", "n"], "rows": [["u-4711", 2]]}, "raw-user-id"),
    "reference with wrong check": ({"workspace": "ref:workspace:k1:" + "a" * 26}, "raw-workspace-id"),
    "gateway header": ({"cf-aig-cache-status": "HIT"}, "gateway-metadata"),
    "image as integers": ({"data": [137, 80, 78, 71, 13, 10, 26, 10, 0, 0]}, "image-bytes"),
    "skeleton without ids": ({"event_type": "x", "occurred_at": None, "notification_id": None, "data": {}}, "raw-webhook-payload"),
    "presigned": (f"https://files.example.com/a?X-Amz-Signature={hexadecimal(64)}", "private-url"),
    "private network": ("http://192.168.1.4:8080/admin", "private-url"),
    "mention": ("retry for customer 884213 failed", "raw-customer-id"),
    "csv": (f"day,user_id\n2026-03-01,{TOKEN}\n", "raw-user-id"),
    "markdown": ("| user_id | n |\n|---|---|\n| u-4711 | 4 |\n", "raw-user-id"),
    "yaml": ("customer:\n  id: 4711\n", "raw-customer-id"),
    "sql": ("INSERT INTO t (day, user_id) VALUES ('2026-03-01', 4711);", "raw-user-id"),
    "html": ("<table><tr><th>user_id</th><td>u-4711</td></tr></table>", "raw-user-id"),
    "log": (f"level=info customer_id={CUSTOMER} n=2", "raw-customer-id"),
    "dotenv": (f"API_KEY={TOKEN}\n", "provider-credential"),
    "code block": ('# x\n\n```json\n{\n  "user_id": "u-4711"\n}\n```\n', "raw-user-id"),
}  # fmt: skip


@pytest.mark.parametrize("case", RAW)
def test_raw_values_are_found(scanner, case):
    value, category = RAW[case]
    found = scanner.scan_text(value) if isinstance(value, str) else scanner.scan_json(value)
    assert category in categories(found)
    if not isinstance(value, str):
        assert category in categories(scanner.scan_text(json.dumps(value)))


def test_a_repeated_name_hides_nothing(scanner):
    assert scanner.scan_text('{"user_id":"u1","user_id":null}')


def zipped(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", data)
    return buffer.getvalue()


def tarred(data):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def escaped(text):
    return "".join(f"\\u{ord(character):04x}" for character in text)


PLAIN = f"customer {CUSTOMER} was late"
LAYERS = {
    "utf-8 mark": PLAIN.encode("utf-8-sig"),
    "utf-16": PLAIN.encode("utf-16"),
    "gzip": gzip.compress(PLAIN.encode()),
    "gzip twice": gzip.compress(gzip.compress(PLAIN.encode())),
    "zip": zipped(PLAIN.encode()),
    "zip in zip": zipped(zipped(PLAIN.encode())),
    "tar": gzip.compress(tarred(PLAIN.encode())),
    "base64": base64.b64encode(PLAIN.encode()),
    "base64url without padding": base64.urlsafe_b64encode(PLAIN.encode()).rstrip(b"="),
    "base64 of gzip": base64.b64encode(gzip.compress(PLAIN.encode())),
    "base64 in lines": base64.encodebytes(PLAIN.encode() * 4),
    "hex": PLAIN.encode().hex().encode(),
    "percent": "".join(f"%{byte:02X}" for byte in PLAIN.encode()).encode(),
    "escapes": escaped(PLAIN).encode(),
    "entities": "".join(f"&#{byte};" for byte in PLAIN.encode()).encode(),
    "json in json": json.dumps({"a": json.dumps({"b": json.dumps({"customer_id": 5})})}).encode(),
    "zero width": "\u200b".join(PLAIN).encode(),
    "full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in CUSTOMER).encode(),
    "look-alikes": PLAIN.replace("c", "\u0441").encode(),
    "joined array": json.dumps([CUSTOMER[:8], CUSTOMER[8:]]).encode(),
    "wrapped line": f"see {CUSTOMER[:9]}\n{CUSTOMER[9:]} today\n".encode(),
    "quoted-printable": f"see {CUSTOMER[:9]}=\n{CUSTOMER[9:]} today\n".encode(),
    "string pieces": f'x = (\n    "{CUSTOMER[:9]}"\n    "{CUSTOMER[9:]}"\n)\n'.encode(),
    "data address": b"data:text/plain;base64," + base64.b64encode(PLAIN.encode()),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_are_undone(scanner, layer):
    assert "raw-customer-id" in categories(scanner.scan_bytes(LAYERS[layer]))


def test_findings_say_where(scanner):
    found = scanner.scan_text(json.dumps({"rows": [{"user_id": "u-4711"}]}), name="a.json")[0]
    assert (found.path, found.pointer, found.length) == ("a.json", "/rows/0/user_id", "<=8")
    line = scanner.scan_text(f"clean\nsee {CUSTOMER}\n", name="b.txt")[0]
    assert (line.line, line.column) == (2, 5)


def test_a_name_that_is_raw_is_not_shown(scanner):
    found = scanner.scan_json({CUSTOMER: {"n": 1}})[0]
    assert found.pointer == "/[redacted]"
    shown = scanner.scan_text(json.dumps({"user_id": 7}), name=f"{CUSTOMER}.json")[0]
    assert shown.path == "[redacted]"


def test_ndjson_tells_line_and_pointer(scanner):
    found = scanner.scan_text('{"n": 1}\n{"user_id": "u-4711"}\n', name="a.ndjson")
    assert [(finding.line, finding.pointer) for finding in found] == [(2, "/user_id")]


def test_docs_profile_finds_secrets_and_leaves_names_alone():
    docs = Scanner("docs")
    assert not docs.scan_text("user_id: u-4711\ncustomer 884213, mail jane@corp-mail.com, " + UUID)
    assert "provider-credential" in categories(docs.scan_text("key = " + "sk_" + "live_" + TOKEN))


def event(**more):
    instant = "2026-11-20T10:00:00.000000Z"
    return {
        "schema": "saascore/usage-event/1",
        "event_id": REDACTOR.redact("event", 1),
        "event_type": "image.generated",
        "subject_label": REDACTOR.redact("workspace", 2),
        "plan_key": "pro-monthly",
        "quantity": "1",
        "occurred_at": instant,
        "idempotency_key": REDACTOR.redact("key", 3),
        "source": "image-studio",
        "entry_type": "usage",
        "unit": "image",
        "plan_snapshot": {"plan_key": "pro-monthly", "basis": "submission", "resolved_at": instant},
        **more,
    }


def test_event_profile_takes_valid_envelopes_only():
    events = Scanner("event")
    UsageEvent.parse_json(json.dumps(event()))
    assert not events.scan_json(event())
    assert not events.scan_text(json.dumps(event()) + "\n" + json.dumps(event()))
    for wrong in (event(user_id="u1"), event(plan_key="user-90210"), {"schema": "other/1"}, [], 7):
        assert categories(events.scan_json(wrong)) == {"unscannable"}
    repeated = json.dumps(event())[:-1] + ', "source": "chat-desk"}'
    assert categories(events.scan_text(repeated)) == {"unscannable"}


def test_what_passes_an_event_passes_an_artifact(scanner):
    assert not scanner.scan_json(event())


def test_public_words_of_a_product_let_its_labels_pass():
    assert Scanner().scan_json({"owner_id": "zeppelin"})
    assert not Scanner(public_words=["Zeppelin"]).scan_json({"owner_id": "zeppelin"})


def test_explain_says_what_let_values_pass():
    scanner = Scanner(explain=True)
    scanner.scan_json({"plan": "pro", "at": "2026-03-01T00:00:00Z", "user_id": "[redacted]"}, name="a")
    assert [(passed.place, passed.reason) for passed in scanner.passed] == [
        ("a:/plan", "words under a name of kind label"),
        ("a:/at", "form instant"),
        ("a:/user_id", "placeholder"),
    ]


def test_counts_tell_what_was_looked_at(scanner):
    scanner.scan_text('{"a": 1, "b": ["x", null]}')
    assert scanner.scanned.to_json() == {"files": 1, "bytes": 26, "values": 3}


def test_unknown_profiles_are_refused():
    with pytest.raises(SaascoreError, match="INP-004"):
        Scanner("everything")


def test_assert_public_safe_names_rule_and_place_only():
    assert_public_safe({"plan": "pro"})
    assert_public_safe("all clean")
    assert_public_safe(b"all clean")
    with pytest.raises(
        AssertionError, match=r"privacy\.raw-customer-id\.key-name at value:/customer_id"
    ) as caught:
        assert_public_safe({"customer_id": CUSTOMER})
    assert CUSTOMER[4:10] not in str(caught.value)


def test_fingerprints_are_keyed():
    value = {"user_id": "u-4711"}
    same = [Scanner(fingerprint_key=b"k" * 32).scan_json(value)[0].fingerprint for _ in range(2)]
    assert same[0] == same[1]
    assert Scanner().scan_json(value)[0].fingerprint != Scanner().scan_json(value)[0].fingerprint
