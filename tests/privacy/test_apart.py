"""Names that stand apart from their values, counts that only look like ids, and bodies inside other texts."""

from __future__ import annotations

import base64
import json
import random
from urllib.parse import quote, urlencode

import pytest

from saascore.privacy import blocks
from saascore.privacy.scanner import Scanner

DRAW = random.Random(20261128)
SCANNER = Scanner("artifact")


def categories(text, name="text"):
    return {finding.category for finding in SCANNER.scan_text(text, name)}


def drawn(length):
    alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(DRAW.choice(alphabet) for _ in range(length - 2)) + "7x"


LAYOUTS = {
    "environment.yaml": 'env:\n  - name: {name}\n    value: "{value}"\n',
    "reversed.yaml": 'env:\n  - value: "{value}"\n    name: {name}\n',
    "schema.yaml": "properties:\n  {name}:\n    type: integer\n    example: {value}\n",
    "examples.yaml": "properties:\n  {name}:\n    type: integer\n    examples:\n      - {value}\n",
    "parameter.yaml": "parameters:\n  - name: {name}\n    in: query\n    example: {value}\n",
    "bold.md": "- **{name}**: {value}\n",
    "bold-colon.md": "- **{name}:** {value}\n",
    "dash.md": "- `{name}` - {value}\n",
    "console.txt": "plan            pro\n{name}            {value}\n",
    "dots.txt": "plan ..... pro\n{name} ..... {value}\n",
    "tab.txt": "accepted\t12\n{name}\t{value}\n",
    "above.txt": "*{name}*\n{value}\n",
    "query.txt": " plan | {name} \n------+------\n pro  | {value} \n(1 row)\n",
    "box.txt": "+----+----+\n| plan | {name} |\n+----+----+\n| pro | {value} |\n+----+----+\n",
    "listing.txt": "NAME     {name}     AGE\nledger   {value}     3d\n",
    "frame.txt": "   plan  {name}\n0  pro  {value}\n",
    "settings.xml": '<settings><entry name="{name}">{value}</entry></settings>',
    "application.properties": "app.{name}={value}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("value", [7, 4566])
def test_an_id_is_found_under_a_name_that_stands_apart(layout, value):
    text = LAYOUTS[layout].format(name="customer_id", value=value)
    assert categories(text, layout) == {"raw-customer-id"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_plural_is_counted_in_the_same_places(layout):
    assert categories(LAYOUTS[layout].format(name="customers", value=4566), layout) == set()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_label_passes_in_the_same_places(layout):
    assert categories(LAYOUTS[layout].format(name="customer_id", value="[redacted]"), layout) == set()


@pytest.mark.parametrize(
    "name", ["\u0441ustomer_id", "cust\u200bomer_id", "\uff43ustomer_id", "custo\u2066mer_id\u2069"]
)
@pytest.mark.parametrize("layout", ["environment.yaml", "bold.md", "console.txt", "query.txt"])
def test_a_name_is_read_as_it_is_seen(layout, name):
    assert categories(LAYOUTS[layout].format(name=name, value=4566), layout) == {"raw-customer-id"}


def test_a_heading_and_a_member_are_read_as_they_are_seen():
    assert categories("| Plan | \u0441ustomer_id |\n|---|---|\n| pro | 4566 |\n") == {"raw-customer-id"}
    assert {finding.category for finding in SCANNER.scan_json({"\u0441ustomer_id": 4566})} == {
        "raw-customer-id"
    }


@pytest.mark.parametrize(
    "name",
    [
        "customers",
        "distinct_customer_ids",
        "null_user_ids",
        "rows_without_user_id",
        "accounts_with_owner_id",
        "customers_2026",
    ],
)
def test_a_number_under_a_name_that_counts_is_free(name):
    assert categories(json.dumps({name: 58857})) == set()
    assert categories(f"week: 1\n{name}: 58857\n", "counts.yaml") == set()
    assert categories(f"level=info {name}=58857") == set()


@pytest.mark.parametrize("name", ["user_ids", "distinct_user_ids"])
def test_several_numbers_under_a_plural_of_ids_are_ids(name):
    assert categories(json.dumps({name: [58857, 58858]})) == {"raw-user-id"}


def test_several_numbers_after_a_plural_in_prose_are_ids():
    assert categories("users 48213, 48214 and 48215 were moved") == {"raw-user-id"}
    assert categories("users 48213 at the end of the week") == set()


def test_a_row_of_a_table_is_no_mention():
    assert categories("plan customers retained\nteam 4375 72.0%\n") == set()
    assert "raw-workspace-id" in categories("team 4375 was moved")


@pytest.mark.parametrize(
    "version",
    [
        "v1.31.2+k3s1",
        "v1.30.4-eks-a737599",
        "3.16.4-rc.2+build.86",
        "1.2.3.post1.dev0+gabc1234.d20261102",
        "cp312-cp312-manylinux_2_28_x86_64",
        "demo-2.1.3-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "openssl-3.0.13-0ubuntu3.4",
        "5.10.227-219.884.amzn2.x86_64",
        "1.0.0+20130313144700",
        "GHSA-2345-6789-cfgh",
    ],
)
def test_a_version_is_public(version):
    assert categories(f"runs on {version} today") == set()


def test_a_token_after_a_version_is_not():
    assert categories(f"runs on v1.2.3+{drawn(32)} today") == {"opaque"}


BODY = {
    "id": "[redacted]",
    "occurred_at": 1755562109,
    "source": "scheduled_job",
    "object": "event",
    "api_version": "v2",
    "content": {"subscription": {"id": "[redacted]", "customer_id": "[redacted]", "object": "subscription"}},
    "event_type": "subscription_renewed",
    "webhook_status": "scheduled",
}
SHOWN = json.dumps(BODY, indent=2)
XML = (
    "<notification><timestamp>2026-04-10T00:49:18Z</timestamp><kind>subscription_canceled</kind><subject><subscription>"
    "<id>[redacted]</id><status>Active</status></subscription></subject></notification>"
)
FORM = urlencode({
    "alert_id": "[redacted]",
    "alert_name": "subscription_payment_succeeded",
    "checkout_id": "[redacted]",
    "event_time": "2026-09-16 20:51:56",
    "subscription_id": "[redacted]",
    "p_signature": "[redacted]",
})  # fmt: skip
HOLDERS = {
    "added lines": "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n" + "\n".join("+" + line for line in SHOWN.split("\n")),
    "removed lines": "\n".join("-" + line for line in SHOWN.split("\n")),
    "changed lines": "\n".join(
        " " + line if n != 1 else f"-  {json.dumps('id')}: 1,\n+{line}" for n, line in enumerate(SHOWN.split("\n"))
    ),
    "statement": f"INSERT INTO inbox (day, body) VALUES ('2026-11-08', '{SHOWN}');",
    "assignment": f"payload = {SHOWN}\nprint(payload)",
    "percent in a log line": f"2026-05-06T00:56:09Z DEBUG dump={quote(json.dumps(BODY))}",
    "percent in quotes": f'count: 7\ncapture: "{quote(json.dumps(BODY))}"\n',
    "form in quotes": f'count: 7\ncapture: "{quote(FORM)}"\n',
    "notebook": json.dumps({"outputs": [{"text": SHOWN.splitlines(keepends=True)}]}),
    "markup in a log": f"2026-11-20T16:02:50Z INFO received\n{XML}\n2026-11-20T16:02:51Z INFO done",
    "form under a name": json.dumps({"body": FORM}),
    "wrapped form": "\n".join(
        base64.b64encode(FORM.encode()).decode()[at : at + 76] for at in range(0, 400, 76)
    ),
}  # fmt: skip


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_redacted_body_is_found_inside_another_text(holder):
    assert "raw-webhook-payload" in categories(HOLDERS[holder])


def test_what_stands_around_a_body_is_scanned_too():
    text = f"INSERT INTO inbox (token, body) VALUES ('{drawn(40)}', '{SHOWN}');"
    assert categories(text) > {"raw-webhook-payload"}


def test_media_is_named_in_a_list_and_in_a_property():
    encoded = base64.b64encode(b"\xff\xd8\xff\xe0\0\x10JFIF" + DRAW.randbytes(90)).decode()
    pieces = [encoded[at : at + 9] for at in range(0, len(encoded), 9)]
    assert categories(json.dumps({"content": pieces})) == {"image-bytes"}
    assert categories(f"app.picture={encoded}\n", "a.properties") == {"image-bytes"}


def test_a_cookie_is_named_whatever_joins_its_words():
    assert "bearer-token" in categories(f"level=info set_cookie=__Host-session={drawn(40)}")


def test_a_gateways_metadata_is_named_when_decoded():
    shown = base64.b64encode(b'cf-aig-metadata={"user_id": 62387, "feature": "upscale"}').decode()
    assert categories(f"day,blob\n2026-07-17,{shown}\n", "a.csv") == {"gateway-metadata"}


def test_an_address_cut_at_a_width_is_read_whole():
    address = "https://gateway.ai." + "cloudflare.com/v1/" + "0a1b2c3d" * 4 + "/prod/openai/chat/completions"
    pieces = "\n".join(address[at : at + 22] for at in range(0, len(address), 22))
    assert categories(f"# Capture\n\n```\n{pieces}\n```\n") == {"private-url"}


def test_angle_brackets_around_a_line_hide_no_id():
    assert categories("<Customer customer_id=4566>") == {"raw-customer-id"}


@pytest.mark.parametrize("line", ["+{", " {", "-[", 'a: {\n  "b"', 'a: {\n  "b": [\n    "c"'])
def test_lines_that_only_begin_a_block_are_not_searched_again(line, monkeypatch):
    asked = 0
    peek = blocks._Ahead.peek

    def counted(self, offset=0):
        nonlocal asked
        asked += 1
        return peek(self, offset)

    monkeypatch.setattr(blocks._Ahead, "peek", counted)
    text = "\n".join([line] * 400).split("\n")
    assert sum(1 for _ in blocks.read(text)) > 300
    assert asked < 40 * len(text)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ('{"data": {"type": "subscriptions", "id": "705785"}}', "raw-subscription-id"),
        ("<subscription><id>7058</id></subscription>", "raw-subscription-id"),
        ('<audit><actor id="7058" kind="staff"/></audit>', "raw-actor-id"),
        ("<row><AuditActorId>58</AuditActorId></row>", "raw-actor-id"),
        ("SELECT plan FROM assets WHERE owner_id IN (43479, 25554);", "raw-owner-id"),
        ("where a.customer_id not in ('43479') order by at", "raw-customer-id"),
    ],
)
def test_an_id_is_found_where_the_kind_of_its_thing_names_it(text, category):
    assert categories(text) == {category}


@pytest.mark.parametrize(
    "text",
    [
        '{"data": {"type": "subscriptions", "id": "[redacted]"}}',
        '{"type": "images", "id": "hero"}',
        "<server><id>central</id></server>",
        '<section id="owner-7"><p>Owners</p></section>',
        "SELECT plan FROM assets WHERE owner_id IN (?, ?) AND seats IN (43479)",
    ],
)
def test_a_kind_alone_makes_no_id(text):
    assert categories(text) == set()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("KeyError: 'no quota row for owner_account_id {}'", "raw-owner-id"),
        ("see AI Gateway log id {} for the prompt", "gateway-metadata"),
        ("gateway log {} shows a miss", "gateway-metadata"),
        ("the job of customer external id {} ran twice", "raw-customer-id"),
        ("$ ./replay --buyer-id={} --dry-run", "raw-customer-id"),
        ('query {{ workspace(id: "{}") {{ seats }} }}', "raw-workspace-id"),
        ('workspace {{\n  id = "{}"\n}}\n', "raw-workspace-id"),
        ('job := Job{{ResourceOwnerID: "{}", Quantity: 3}}', "raw-owner-id"),
        ('WEBHOOK_SECRET = b"{}"', "webhook-secret"),
        ('{{"owner": {{"user_id": "{}"}}}}', "raw-owner-id"),
        ('{{"input": {{"image_key": "{}"}}}}', "provider-input-key"),
        ('{{"webhook": {{"secret": "{}"}}}}', "webhook-secret"),
    ],
)
def test_an_opaque_value_has_the_name_that_stands_before_it(text, category):
    assert categories(text.format(drawn(22))) == {category}


@pytest.mark.parametrize("text", ["replayed {}", "the word {} was seen", "total {}"])
def test_without_such_a_name_it_stays_opaque(text):
    assert categories(text.format(drawn(22))) == {"opaque"}


@pytest.mark.parametrize(
    "text",
    [
        "query { workspace(id: $id) { seats } }",
        'workspace {\n  id = "core-fixture"\n}\n',
        "job := Job{OwnerLabel: label, Quantity: 3}",
        "gateway log retention is 30 days",
    ],
)
def test_names_without_an_id_beside_them_pass(text):
    assert categories(text) == set()


@pytest.mark.parametrize("prefix", ["\\x", "\\\\x", "0x", "x"])
def test_bytes_are_found_however_their_digits_are_marked(prefix):
    row = (
        "COPY previews (job, body) FROM stdin;\nnightly\t"
        + prefix
        + "ffd8ffe000104a46494600010100004800480000"
    )
    assert categories(row, "dump.sql") == {"image-bytes"}


@pytest.mark.parametrize(
    "text",
    [
        "event=retry note='job for owner_id=58 failed' ms=3",
        'run(given=\'{"n": 1} {"owner_id": "o-58"}\')',
        'run(given=b\'{"n": 1} {"owner_id": "o-58"}\')',
        'message: "paused `owner_id: 58` at noon"',
    ],
)
def test_a_pair_is_found_inside_the_quoted_value_of_another(text):
    assert categories(text) == {"raw-owner-id"}


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("GET /v1/workspaces/{}/usage 200 in 31 ms", "raw-workspace-id"),
        ("POST /customers/{}/seats 201", "raw-customer-id"),
        ("uploaded /workspaces/{}/cat.png", "storage-key"),
        ('{{"by_user": {{"{}": 3}}}}', "raw-user-id"),
        ('{{"sub": "auth0|{}"}}', "raw-user-id"),
    ],
)
def test_the_collection_before_an_id_names_it(line, category):
    assert categories(line.format("48213907")) == {category}
