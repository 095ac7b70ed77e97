"""Formats that teams write: what names a value in each, and what each one's own hashes and ids are."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import zipfile
from urllib.parse import quote

import pytest

from saascore.privacy.scanner import Scanner

DRAW = random.Random(20261127)


def hexadecimal(length):
    return "a1" + "".join(DRAW.choice("0123456789abcdef") for _ in range(length - 2))


def drawn(length):
    return (
        "".join(
            DRAW.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(length - 2)
        )
        + "7x"
    )


def uuid_like():
    return "-".join(hexadecimal(length) for length in (8, 4, 4, 4, 12))


H1 = "h1:" + base64.b64encode(hashlib.sha256(b"module").digest()).decode()

CLEAN = {
    "commit in a list of names and values.md": f"| field | value |\n|---|---|\n| commit | {hexadecimal(40)} |\n| parent | {hexadecimal(40)} |\n",
    "commit in a table without headings.md": f"|  |  |\n|---|---|\n| Commit SHA | {hexadecimal(40)} |\n",
    "commit of a definition list.html": f"<dl><dt>Commit</dt><dd><code>{hexadecimal(40)}</code></dd></dl>",
    "counts by plan.csv": "plan,event_count\nteam,26559\nworkspace,1200\n",
    "counts by team.md": "| plan | count |\n|---|---|\n| team | 48213 |\n",
    "pivot.csv": "workspace size,free,pro,team\n6-20,3112,9931,412\n",
    "report.html": "<table><tr><th>Plan</th><th>Renewed</th></tr><tr><td>team</td><td>40348</td></tr></table>",
    "error codes.md": "| code | http | meaning |\n|---|---:|---|\n| `raw_customer_id` | 422 | an id was found |\n",
    "findings.json": json.dumps({"findings": {"raw-user-id": 0, "storage-key": 4, "private-url": 12}}),
    "ci.yml": "jobs:\n  test:\n    steps:\n      - with:\n          name: junit-${{ matrix.python }}\n          path: junit-${{ matrix.python }}.xml\n",
    "lock.toml": f'[[package]]\nname = "serde"\nchecksum = "{hexadecimal(64)}"\n',
    "go.sum": f"example.org/sys v0.0.0-20240814110842-{hexadecimal(12)} {H1}\nexample.org/a v1.9.0/go.mod {H1}\n",
    "migration.py": f'revision = "{hexadecimal(12)}"\ndown_revision = "{hexadecimal(12)}"\n',
    "metrics.prom": 'http_requests_total{code="200"} 1027388 1767225600000\n',
    "otel.json": json.dumps({"dataPoints": [{"timeUnixNano": "1767229200000000000", "asInt": "48213"}]}),
    "sbom.json": json.dumps({"hashes": [{"alg": "SHA-256", "content": hexadecimal(64)}]}),
    "cells.ipynb": json.dumps(
        {"cells": [{"cell_type": "markdown", "id": "a1b2c3d4", "source": ["# Usage"]}]}
    ),
    "package.json": json.dumps({"packageManager": f"pnpm@9.12.0+sha256.{hexadecimal(64)}"}),
    "pom.xml": "<dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId></dependency>",
    "Dockerfile": "RUN --mount=type=cache,target=/root/.cache/pip pip install .\nUSER 10001:10001\n",
    "compose.yml": "environment:\n  DATABASE_URL: postgresql://app:${POSTGRES_PASSWORD}@db:5432/ledger\n",
    "dump.sql": "COPY public.usage (day, plan_key, events, quantity) FROM stdin;\n2026-03-01\tpro\t912338\t6074236.500000000\n\\.\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag.\n",
    "advisories.md": "* https://github.com/example/app/security/advisories/GHSA-mr82-8j83-vxmv\n* https://nvd.nist.gov/vuln/detail/CVE-2024-12345\n",
    "contacts.md": "* https://polar.sh/.well-known/security.txt\n* https://www.chargebee.com/security/\n* https://docs.lemonsqueezy.com/api\n",
    "gateway.log": 'level=info gateway_metadata="[redacted]" aigmeta={} ms=12\n',
}

RAW = {
    "junit.xml": (lambda: '<property name="ls_customer_id" value="398778"/>', "raw-customer-id"),
    "meta.html": (lambda: f'<meta name="user-id" content="{uuid_like()}">', "raw-user-id"),
    "semicolons.csv": (lambda: f"period;plan;owner_id;n\n2026-05;team;;4\n2026-06;pro;{uuid_like()};7\n", "raw-owner-id"),
    "card.csv": (lambda: "period,card,amount\n2026-05,5105105105105100,9.64\n", "personal-data"),
    "copy.sql": (lambda: "COPY t (day, customer_id) FROM stdin;\n2026-03-01\t884213\n\\.\n", "raw-customer-id"),
    "netrc": (lambda: f"machine packages.example.com\n  login bot\n  password {drawn(24)}\n", "provider-credential"),
    "cookie.txt": (lambda: f"Cookie: __Secure-session={drawn(40)}; Path=/", "bearer-token"),
    "environ.py": (lambda: f'os.environ["R2_SECRET_ACCESS_KEY"] = "{hexadecimal(64)}"', "provider-credential"),
    "shell.sh": (lambda: f"wrangler secret put COHERE_API_KEY <<< '{drawn(40)}'", "provider-credential"),
    "row.md": (lambda: f"| `VERCEL_TOKEN` | `{drawn(24)}` | production |", "provider-credential"),
    "cut.txt": (lambda: "fal_request_id:\n63ec454b-0da6-4022\n-aaba-70beb28c991d\n", "provider-execution-id"),
    "gateway.html": (lambda: '<p data-cf-aig-metadata="{&quot;team&quot;: &quot;AI&quot;}">x</p>', "gateway-metadata"),
    "gateway.json": (lambda: json.dumps({"cf-aig-metadata": json.dumps({"user": 74470})}), "gateway-metadata"),
    "gateway.log": (lambda: 'level=info gateway_metadata="{\\"team\\": \\"blue\\"}" ms=12', "gateway-metadata"),
    "gateway first.log": (lambda: 'aigmeta={"team":"blue"} level=info', "gateway-metadata"),
    "escaped.log": (lambda: f'level=info customer_id="{{\\"id\\": \\"{drawn(12)}\\"}}" ms=12', "raw-customer-id"),
    "dump.http": (lambda: "POST /hooks HTTP/1.1\nHost: api.example.com\n\nbt_signature=[redacted]&bt_payload=[redacted]\n", "raw-webhook-payload"),
    "trace.txt": (lambda: "> bt_signature=%5Bredacted%5D&bt_payload=%5Bredacted%5D\n", "raw-webhook-payload"),
    "replay.sh": (lambda: "curl -d 'alert_name=x&alert_id=[redacted]' https://example.com/hooks", "raw-webhook-payload"),
    "page in a field.txt": (lambda: "body=" + quote("<table><tr><th>tenant_id</th><td>486116</td></tr></table>"), "raw-workspace-id"),
    "rows in a field.txt": (lambda: f"body={quote(f'day,customer_id,units{chr(10)}2026-03-01,{drawn(12)},4')}", "raw-customer-id"),
    "pages.md": (lambda: f"https://buy.polar.sh/security/{drawn(20)}", "private-url"),
    "tenant.md": (lambda: "https://acme.lemonsqueezy.com/security", "private-url"),
    "query.md": (lambda: f"https://polar.sh/docs?customer={drawn(12)}", "private-url"),
    "address.md": (lambda: f"[file](https://files.example.com/a?X-Amz-Credential={drawn(20)}&X-Amz-Signature={hexadecimal(64)})", "private-url"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_what_formats_are_made_of_passes(name):
    assert not Scanner().scan_text(CLEAN[name], name)


@pytest.mark.parametrize("name", RAW)
def test_values_are_named_by_what_names_them(name):
    made, category = RAW[name]
    assert Scanner().scan_text(made(), name)[0].category == category


def test_documentation_may_name_addresses_that_hold_no_id():
    docs = Scanner("docs")
    assert not docs.scan_text(
        "See https://docs.lemonsqueezy.com/api and https://app.lemonsqueezy.com/settings/api."
    )
    assert docs.scan_text(f"https://acme.lemonsqueezy.com/checkout/buy/{uuid_like()}")


def test_a_row_s_name_does_not_hide_its_other_cells():
    table = f"| field | old | new |\n|---|---|---|\n| plan | free | pro |\n| note | ok | {drawn(28)} |\n| user_id | [redacted] | u-4711 |\n"
    found = [(finding.line, finding.category) for finding in Scanner().scan_text(table, "a.md")]
    assert found == [(4, "opaque"), (5, "raw-user-id")]


def test_a_member_of_an_archive_is_read_by_its_names():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("calls.ndjson", '{"event": "call", "aigmeta": {"team": "blue"}}\n')
    [finding] = Scanner().scan_bytes(data.getvalue(), "calls.zip")
    assert (finding.category, finding.layers) == ("gateway-metadata", ("zip",))


@pytest.mark.parametrize("profile", ["artifact", "docs"])
def test_a_cache_folder_s_tag_is_no_signature_of_anything(profile):
    scanner = Scanner(profile)
    assert not scanner.scan_text(CLEAN["CACHEDIR.TAG"], "CACHEDIR.TAG")
    other = f"Signature: {hexadecimal(32)}\n"
    assert [finding.category for finding in scanner.scan_text(other, "CACHEDIR.TAG")] == ["webhook-secret"]


def test_a_database_is_no_picture_for_its_zeros():
    zeros = b"SQLite format 3\0" + b"\x10\0\2\2\0\0\0\1\0\1\0\0\0\xfe\xff" * 40
    picture = zeros + b"\x89PNG\r\n\x1a\n" + zeros
    for data, category in ((zeros, "unscannable"), (picture, "image-bytes")):
        assert [finding.category for finding in Scanner("docs").scan_bytes(data, "cache.db")] == [category]
