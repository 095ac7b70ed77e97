"""The product's own words: passed through as they are, once the scanner finds nothing in them."""

import pytest

from saascore.adapters import AdapterFailure
from saascore.contract.summary import SummarySpec, UsageSummary
from saascore.contract.window import Window
from saascore.hookspecs import hookimpl

RAW = "ws_" + "8f7a2b9c1d2e"
SUMMARY = UsageSummary(
    spec=SummarySpec(window=Window.of("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")), as_of=1, groups=()
)


@pytest.fixture
def wordy(shop, make_product):
    """A product that says what it is told to."""

    def make(words, basis="ledger_replay"):
        class Wordy(make_product):
            @hookimpl
            def render_upgrade_copy(self, decision):
                return words(decision)

            @hookimpl
            def render_quota_copy(self, summary):
                return words(summary)

            @hookimpl
            def choose_quota_basis(self, plan, event_type):
                return basis

        shop.equip(Wordy())
        return shop

    return make


def test_words_on_a_decision_are_passed_through(wordy, body):
    shop = wordy(lambda decision: f"You are on {decision.plan_key}: 5 €, until {decision.effective_until}.")
    shop.submit(body())
    assert shop.product.render_upgrade_copy(shop.decide()) == "You are on pro: 5 €, until None."


@pytest.mark.parametrize("hook", ["render_upgrade_copy", "render_quota_copy"])
def test_words_that_leak_are_refused_by_rule_and_not_repeated(hook, wordy):
    shop = wordy(lambda _: f"Workspace {RAW} is on the pro plan.")
    argument = shop.decide() if hook == "render_upgrade_copy" else SUMMARY
    with pytest.raises(AdapterFailure, match="ADP-108") as refused:
        getattr(shop.product, hook)(argument)
    assert RAW not in str(refused.value)
    assert refused.value.failure.field.startswith("privacy.")


def test_words_that_are_no_text_are_refused(wordy):
    shop = wordy(lambda _: 7)
    with pytest.raises(AdapterFailure, match="ADP-102"):
        shop.product.render_upgrade_copy(shop.decide())


@pytest.mark.parametrize(("basis", "taken"), [("paid_metering", True), ("whatever", False)])
def test_quota_basis_is_one_of_three(basis, taken, wordy):
    shop = wordy(str, basis)
    if taken:
        assert shop.product.choose_quota_basis("pro", "image.generated") == basis
        return
    with pytest.raises(AdapterFailure, match="ADP-102"):
        shop.product.choose_quota_basis("pro", "image.generated")
