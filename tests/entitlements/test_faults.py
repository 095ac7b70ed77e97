"""A process that dies at the worst moment loses nothing and doubles nothing, in either store."""

import os
import signal

import pytest

from saascore.entitlements.intake import Intake


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def killed(make_shop, url, target, bodies, instead=die):
    """Submit in a process of its own that is killed when it reaches a function."""
    child = os.fork()
    if child == 0:
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(target, instead)
                make_shop(url, create=False).submit(*bodies)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, make_shop, tmp_path):
    address = f"sqlite:///{tmp_path}/shop.db"
    if request.param == "postgresql":
        address = request.getfixturevalue("postgresql_server")()
    make_shop(address).ledger.close()
    return address


@pytest.mark.parametrize("method", ["append_journal", "count"], ids=["after the facts", "after the journal"])
def test_killed_before_the_commit_keeps_neither_fact_nor_journal(method, url, make_shop, body):
    bodies = [body(), body(event_id="event-000000002", at="03-05", service="paused")]
    assert killed(make_shop, url, f"saascore.ledger.Writer.{method}", bodies)
    shop = make_shop(url, create=False)
    assert shop.ledger.head == 0
    assert list(shop.desk.journal(shop.workspace())) == []
    assert shop.kinds(*bodies) == ["accepted", "accepted"]
    assert shop.decide("03-06").reason == "paused"
    shop.ledger.close()


def test_killed_after_the_commit_finds_a_duplicate(url, make_shop, body):
    commit = Intake.commit

    def commit_and_die(*args):
        commit(*args)
        die()

    target = "saascore.entitlements.intake.Intake.commit"
    assert killed(make_shop, url, target, [body()], commit_and_die)
    shop = make_shop(url, create=False)
    assert shop.decide().plan_key == "pro"
    assert shop.kinds(body()) == ["duplicate"]
    assert len(list(shop.desk.journal(shop.workspace()))) == 1
    shop.ledger.close()
