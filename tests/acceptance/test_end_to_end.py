"""The whole path on the sample inputs: what went in, what came of each record, and what is answered."""

import json
import shutil
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from saascore.privacy.references import ReferenceKeys

NOW = "2026-11-20T18:00:00Z"
#: What each fault of ``faults.json`` must come to: outcome and first code.
FAULTS = {
    "not-json": ("rejected", "INP-001"),
    "not-an-object": ("rejected", "INP-003"),
    "naive-time": ("rejected", "CON-002"),
    "float-quantity": ("rejected", "CON-003"),
    "raw-id-in-dimension": ("rejected", "CON-001"),
    "unmapped-event": ("rejected", "USG-001"),
    "unmapped-plan": ("rejected", "USG-002"),
    "too-old": ("held", "too-old"),
}
EVENTS = {
    "job.image.completed": ("image.generated", "image"),
    "job.upscale.completed": ("image.upscaled", "image"),
    "job.video.completed": ("video.rendered", "second"),
    "desk.reply.sent": ("message.sent", "message"),
    "desk.answer.drafted": ("answer.drafted", "token"),
    "desk.seat.enabled": ("seat.assigned", "seat"),
}
PLANS = {
    "Studio Free": "free",
    "Studio Starter (monthly)": "starter",
    "Studio Pro (monthly)": "pro",
    "Studio Max (monthly)": "studio",
    "Desk Solo": "solo",
    "Desk Team, per seat": "team",
    "Desk Business, per seat": "business",
}


def outcomes(story, name):
    text = (story.shell.folder / f"{name}.outcomes.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("product", ["image-studio", "chat-desk"])
def test_every_line_has_one_outcome_and_every_fault_its_code(story, samples, product):
    lines = (samples / f"{product}-rows.ndjson").read_text(encoding="utf-8").splitlines()
    found = outcomes(story, product)
    assert [outcome["record"] for outcome in found] == list(range(1, len(lines) + 1))
    faults = json.loads((samples / "faults.json").read_text(encoding="utf-8"))[f"{product}-rows.ndjson"]
    for outcome in found:
        fault = faults.get(str(outcome["record"]))
        if fault is None:
            assert outcome["outcome"] in {"accepted", "duplicate", "skipped"}
        else:
            assert (outcome["outcome"], outcome["codes"][0]) == FAULTS[fault]


def test_the_summary_holds_what_the_rows_hold_and_not_a_row_more(story, samples):
    expected = defaultdict(dict)
    for product in ("image-studio", "chat-desk"):
        lines = (samples / f"{product}-rows.ndjson").read_text(encoding="utf-8").splitlines()
        for line, outcome in zip(lines, outcomes(story, product), strict=True):
            if outcome["outcome"] != "accepted":
                continue
            row = json.loads(line)
            kind, plan = (
                (row["event"], row["plan"]) if "event" in row else (row["entry"]["kind"], row["team"]["tier"])
            )
            quantity = row["quantity"] if "quantity" in row else row["usage"]["amount"]
            identity = row["id"] if "id" in row else row["entry"]["uid"]
            expected[(*EVENTS[kind], PLANS[plan])][identity] = Decimal(quantity)
    found = defaultdict(lambda: (0, Decimal(0)))
    for group in story.answers["summary"].json()["groups"]:
        key = (group["event_type"], group["unit"], group["plan_key"])
        count, total = found[key]
        found[key] = (count + group["totals"]["count"], total + Decimal(group["totals"]["sum"]))
    assert found == {key: (len(rows), sum(rows.values())) for key, rows in expected.items()}


def test_webhooks_that_cannot_count_are_named(story):
    codes = Counter(
        code
        for name in ("stripe.image-studio", "manual.image-studio")
        for o in outcomes(story, name)
        for code in o["codes"]
    )
    assert codes["mode-mismatch"] == codes["unmapped"] == codes["approval-missing"] == 1


@pytest.mark.parametrize(
    ("product", "claims", "at", "decided"),
    [
        ("image-studio", "wsp_synx1kjmbsnh6qngvqrc6", NOW, ("granted", "active_subscription", "pro")),
        ("image-studio", "wsp_syny04vr04w05rwphgtdj", NOW, ("granted", "active_subscription", "pro")),
        ("image-studio", "wsp_syn7j86sx51t9gvsgg8re", NOW, ("granted", "active_subscription", "pro")),
        (
            "image-studio",
            "wsp_syn7j86sx51t9gvsgg8re",
            "2026-12-24T00:00:00Z",
            ("granted", "default_plan", "free"),
        ),
        ("image-studio", "wsp_synakrgbyskrf3e5nz7yj", NOW, ("granted", "active_grant", "studio")),
        ("image-studio", "wsp_syn66ywrhrfawxzx1r83q", NOW, ("unknown", "plan_unresolved", None)),
        ("image-studio", "wsp_syn9dtdrvkkm2w51qynkf", NOW, ("granted", "active_subscription", "pro")),
        ("chat-desk", "TEAM-SYN-HQ15P1WYXXKCYA", NOW, ("granted", "active_subscription", "team")),
        ("chat-desk", "TEAM-SYN-B2SD3AD5YGAAAJ", NOW, ("granted", "lifetime_purchase", "solo")),
        ("chat-desk", "TEAM-SYN-W8T8V5EK04HZQX", NOW, ("denied", "expired", None)),
    ],
)
def test_a_decision_by_command(story, product, claims, at, decided):
    decision = decide(story.shell, product, claims, at)
    assert (decision["outcome"], decision["reason"], decision.get("plan_key")) == decided


def decide(shell, product, identity, at):
    keys = ReferenceKeys.parse(shell.environment["SAASCORE_REFERENCE_KEYS"])
    workspace = keys.redactor(product).redact("workspace", identity)
    asked = ("--product", product, "--workspace", workspace, "--at", at, "--json")
    return shell("entitlements", "decide", *asked, expect=None).json()


def test_an_unknown_price_is_resolved_when_the_product_maps_it_and_the_webhooks_come_again(
    story, samples, tmp_path, make_shell
):
    shutil.copy(story.shell.folder / "saascore.db", tmp_path)
    shell = make_shell(tmp_path)
    shell.environment |= story.shell.environment
    shell.environment["IMAGE_STUDIO_DEALS"] = str(samples / "image-studio-deals.json")
    again = ("--provider", "stripe", "--product", "image-studio", "--mode", "live", "--now", NOW, "--json")
    counts = shell("billing", "submit", *again, samples / "stripe-webhooks.ndjson").json()["counts"]
    assert counts["accepted"] == 0
    decision = decide(shell, "image-studio", "wsp_syn66ywrhrfawxzx1r83q", NOW)
    assert (decision["outcome"], decision["plan_key"]) == ("granted", "studio")


def test_a_backfill_does_what_its_preview_showed(story):
    shown, done = (story.answers[name].json() for name in ("preview", "apply"))
    assert done["facts"] == sum(group["count"] for group in shown["delta"]) == 124
    assert done["outcomes"] == shown["outcomes"]


def test_the_desk_s_own_counts_agree_with_the_ledger_group_by_group(story):
    groups = story.answers["reconcile"].json()["groups"]
    assert len(groups) == 9
    assert {group["status"] for group in groups} == {"equal"}


def test_the_packet_is_verified_and_one_flipped_byte_or_added_file_is_found(story, tmp_path):
    assert story.answers["verify"].code == 0
    packet = tmp_path / "packet"
    shutil.copytree(story.shell.folder / "packet", packet)
    page = packet / "report.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    story.shell("packet", "verify", packet, expect=1)
    page.write_bytes(whole)
    added = packet / "notes.txt"
    added.write_text("one more file")
    story.shell("packet", "verify", packet, expect=1)
