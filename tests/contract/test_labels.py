"""The label rule: names pass, ids, tokens and storage keys dressed as labels do not."""

from __future__ import annotations

import random
import string
import subprocess
import sys
import uuid

import pytest

from saascore.contract.labels import label_problem

NAMES = [
    "image.generated",
    "pro-monthly",
    "plan-2026",
    "gpt-4o",
    "internationalization",
    "core-fixture",
    "hd-1080p",
    "model.1080p-60fps",
    "message.sent",
    "seats.used",
    "free",
    "starter",
    "team-annual",
    "enterprise.v2",
    "unmapped",
    "default",
    "basic_plus",
    "claude-3-5-sonnet-20241022",
    "stable-diffusion-xl-base-1.0",
    "flux-1.1-pro",
    "gpt-4o-mini-2024-07-18",
    "us-east-1",
    "utf-8",
    "plan-v3",
    "tokens.input",
    "q3-2026",
    "image-studio",
    "chat-desk",
    "cloudflare-saas-core",
    "payment_recovered",
    "customer.subscription.updated",
    "subscription-paused",
    "price-change",
    "user.signup",
    "workspace.created",
    "session-expired",
    "p95",
    "h264",
    "sha256",
    "sub-account",
    "event-sourcing",
    "api-call",
    "api-v2",
    "order.completed",
    "key-rotation",
    "run-failed",
    "in-progress",
    "export.2026",
    "webhook.received",
    "team-2026",
    "weekly-quota",
    "turbo-model-2",
    "sdxl-turbo-2",
    "sdxl-lightning-4step",
    "upload-png-count",
    "req-timeout",
    "token-budget",
]


@pytest.mark.parametrize("label", NAMES)
def test_names_are_public(label):
    assert label_problem(label) is None


DRAW = random.Random(20260301)


def drawn(alphabet: str, length: int) -> str:
    return "".join(DRAW.choice(alphabet) for _ in range(length))


LOWER = string.ascii_lowercase + string.digits
NOT_NAMES = {
    "customer id": lambda: "cus-synth" + drawn(LOWER, 9),
    "customer id in letters": lambda: "cus-" + drawn(string.ascii_lowercase, 14),
    "numbered user": lambda: "user-" + drawn("123456789", 5),
    "user of three digits": lambda: "user-" + drawn("13456789", 3),
    "long number": lambda: "n" + drawn("3456789", 7),
    "number in parts": lambda: "call-" + "-".join(drawn("3456789", 3) for _ in range(3)),
    "uuid": lambda: "u" + str(uuid.UUID(int=DRAW.getrandbits(128), version=4)),
    "uuid with other separators": lambda: "w." + str(uuid.UUID(int=DRAW.getrandbits(128))).replace("-", "_"),
    "hexadecimal": lambda: "x-" + f"{DRAW.getrandbits(48):012x}".replace("000", "0a1"),
    "ulid": lambda: "e-01" + drawn("0123456789abcdefghjkmnpqrstvwxyz", 24),
    "secret key": lambda: "sk_" + "live_" + drawn(LOWER, 24),
    "github token": lambda: "gh" + "p_" + drawn(LOWER, 36),
    "webhook secret": lambda: "wh" + "sec_" + drawn(LOWER, 32),
    "paddle id": lambda: "ctm_01" + drawn(LOWER, 24),
    "storage key": lambda: "uploads.cat-photo.png",
    "random piece": lambda: "plan-" + drawn(string.ascii_lowercase, 14),
    "random word": lambda: "q" + drawn(LOWER, 15),
}


@pytest.mark.parametrize("kind", NOT_NAMES)
def test_identifiers_dressed_as_labels_are_refused(kind):
    labels = {NOT_NAMES[kind]() for _ in range(100)}
    passed = [label for label in labels if label_problem(label) is None]
    assert len(passed) <= 1, f"{len(passed)} of {len(labels)} pass"


def test_the_answer_names_the_rule_and_never_the_label():
    label = "user-" + "90210" * 2
    problem = label_problem(label)
    assert problem == "label-holds-long-number"
    assert "90210" not in problem


def test_the_rule_needs_nothing_but_the_standard_library():
    code = "import sys, saascore.contract.labels as m; print('pydantic' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
