"""No command, no model, no store and no assertion shows a piece of a planted value: the whole package, by tables."""

from __future__ import annotations

import json
import logging
import random
import string
import traceback

import pytest
import typer

from saascore.cli.app import app, run
from saascore.contract.schemas import by_id
from saascore.errors import SaascoreError
from saascore.ledger import open_ledger

pytest_plugins = ["pytester"]

LETTERS = string.ascii_letters + string.digits


def planted(seed):
    """A value that is no word: any six characters of it in an output are an echo."""
    draw = random.Random(seed)
    return "".join(draw.choice(LETTERS) for _ in range(24)) + "q7X"


def echoes(secret, shown):
    return [secret[at : at + 6] for at in range(len(secret) - 5) if secret[at : at + 6] in shown]


# -- commands ------------------------------------------------------------------------------------------------


def commands(command=None, path=()):
    """Every command of the command line, with its click parameters."""
    command = command or typer.main.get_command(app)
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            yield from commands(command.get_command(None, name), (*path, name))
    else:
        yield path, command.params


COMMANDS = {" ".join(path): (path, params) for path, params in commands()}
# What a command needs before it looks at the one thing that is planted.
USUAL = {
    "product": "image-studio",
    "provider": "stripe",
    "mode": "live",
    "from": "2026-11-01T00:00:00Z",
    "to": "2026-12-01T00:00:00Z",
    "now": "2026-11-20T12:00:00Z",
    "operator": "op:desk",
    "approval": "op:ticket",
    "reason": "goodwill",
    "quantity": "1",
    "workspace": "ref:workspace:k1:aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "out": "out",
    "kind": "product",
    "commit": "0" * 40,
    "adapter": "image-studio",
}


# What a command is asked to name or where to write: saying it back is its answer.
ANSWERS = {("ledger keygen", "name"), ("packet build", "out"), ("demo", "out"), ("adapters list", "adapter")}


def texts(secret):
    """What a planted file holds: rows, webhooks, envelopes, waivers, rules, and what is none of these."""
    row = {
        "id": secret,
        "event": secret,
        "plan": secret,
        "workspace_id": secret,
        "quantity": secret,
        "finished_at": secret,
        secret: secret,
    }
    hook = {
        "id": secret,
        "type": "customer.subscription.updated",
        "created": secret,
        "data": {"object": {"id": secret, "customer": secret, "status": secret, "items": {"data": [row]}}},
    }
    envelope = {"schema": "saascore/usage-event/1", "event_id": secret, "dimensions": {secret: secret}}
    return {
        "rows.ndjson": "\n".join(
            map(json.dumps, (row, hook, envelope, {"body": hook, "headers": {secret: secret}}))
        ),
        "object.json": json.dumps(
            {"waivers": [{"rule": secret}], "rules": [{"id": secret}], "schema": secret, **row}
        ),
        "text.txt": f'{{"user_id": "{secret}", {secret}',
        "code.py": f"{secret} = 1\nraise ValueError({secret!r})\n",
    }


def name_of(param):
    return (param.opts[-1] if param.opts[-1].startswith("-") else param.name).lstrip("-").replace("_", "-")


def arguments(command, params, secret, files):
    """Command lines: the planted value in each parameter alone, with what is usual in the others it needs."""
    takers = [param for param in params if not getattr(param, "is_flag", False) and param.name != "help"]
    for taker in takers:
        for value in (secret, *(files if taker.param_type_name == "argument" else ("object.json",))):
            if value == secret and (command, name_of(taker)) in ANSWERS:
                continue
            line = []
            for param in takers:
                name = name_of(param)
                if param is taker:
                    given = value
                elif param.required or name in {"product", "provider"}:
                    given = USUAL.get(name, "rows.ndjson")
                else:
                    continue
                line += [given] if param.param_type_name == "argument" else [param.opts[0], given]
            yield line


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_shows_a_planted_value(name, tmp_path, monkeypatch, capfd, caplog):
    path, params = COMMANDS[name]
    secret = planted(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "k1:" + "5a" * 32)
    monkeypatch.setenv("NO_COLOR", "1")
    caplog.set_level(logging.DEBUG)
    if name != "ledger init":
        run(["ledger", "init"])
    for file, text in texts(secret).items():
        (tmp_path / file).write_text(text)
    capfd.readouterr()
    for line in arguments(name, params, secret, texts(secret)):
        run([*path, *line])
        shown = capfd.readouterr()
        for output in (shown.out, shown.err, caplog.text):
            assert not echoes(secret, output), (name, [part for part in line if part != secret])
            assert "Traceback" not in output


# -- models and stores ---------------------------------------------------------------------------------------


def told_by(error):
    """Everything an exception says, and everything that is chained to it and would be shown."""
    yield from (str(error), repr(error), repr(error.args), repr(getattr(error, "__notes__", "")))
    yield "".join(traceback.format_exception(error))


def refusals(secret):
    """Calls of the package's entry points with the planted value in every place; each of them is refused."""
    for model in by_id().values():
        whole = dict.fromkeys(model.model_fields, secret) | {secret: secret, "schema": model.schema_id()}
        yield f"{model.__name__}.parse", lambda model=model, whole=whole: model.parse(whole)
        yield (
            f"{model.__name__}.parse_json",
            lambda model=model, whole=whole: model.parse_json(json.dumps(whole)),
        )
        yield f"{model.__name__} of text", lambda model=model: model.parse_json(secret)
    for address in (
        secret,
        f"sqlite:///nowhere/{secret}.db",
        f"postgresql://app:{secret}@localhost:1/{secret}?connect_timeout=1",
        f"{secret}://",
    ):
        yield f"ledger {address.partition(':')[0][:8]}", lambda address=address: open_ledger(address)


def test_no_refusal_of_a_model_or_store_shows_a_planted_value():
    secret = planted("models")
    for name, call in refusals(secret):
        try:
            call()
        except SaascoreError as error:
            for shown in told_by(error):
                # A traceback shows the source lines of this test, and the planted value is in none of them.
                assert not echoes(secret, shown), name
        else:
            raise AssertionError(f"{name}: a refusal was expected")


# -- pytest's own output -------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["auto", "long", "short", "line", "native"])
def test_a_failed_assertion_of_public_safety_shows_no_planted_value(pytester, style):
    secret = planted(style)
    pytester.makepyfile(
        f"""
        import random
        from saascore.privacy.scanner import assert_public_safe

        def value():
            draw = random.Random({style!r})
            return "".join(draw.choice({LETTERS!r}) for _ in range(24)) + "q7X"

        def test_it():
            assert_public_safe({{"customer_id": value(), "note": "ok"}})

        def test_text():
            assert_public_safe("api_key=" + value())
        """
    )
    done = pytester.runpytest_subprocess(f"--tb={style}", "-p", "no:cacheprovider", "-vv")
    assert done.ret == 1
    shown = done.stdout.str() + done.stderr.str()
    assert "privacy.raw-customer-id.key-name" in shown
    assert not echoes(secret, shown)
