"""``saascore adapters``: what is installed and why something is not, and the author's kit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saascore.cli.options import AdapterPaths, Json, command_group, find_adapters, strict_mode
from saascore.errors import ERRORS, Exit, SaascoreError

if TYPE_CHECKING:
    from saascore.adapters import Registry
    from saascore.adapters.specs import Kind
    from saascore.testing.check import Check, Result

app = command_group("Adapters: list, check, explain, scaffold and trace them.")

ONE_OF_SEVERAL = "this distribution has several adapters: install it, and name one by its id"
KINDS: tuple[Kind, ...] = ("product", "provider")
Target = Annotated[
    str,
    typer.Argument(
        metavar="ID|PATH",
        help="An adapter's id, or the path of a .py file, a package or a distribution's folder to use as one.",
    ),
]


@app.command("list")
def list_adapters(
    adapter: AdapterPaths = None,
    strict_adapters: Annotated[
        bool | None, typer.Option("--strict", "--strict-adapters", help="Exit with 3 where one is broken.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Show every adapter, and why one is not loaded."""
    from saascore.cli.output import note, print_json, print_table, stdout  # noqa: PLC0415  keeps --help fast

    registry = find_adapters(adapter, strict=False)  # the list shows what strict mode would stop at
    rows = registry.rows()
    if as_json:
        strangers = [{"setting": error.where, "reason": error.detail} for error in registry.strangers]
        print_json({"adapters": [row.to_json() for row in rows], "strangers": strangers})
    elif not rows:
        note("No adapter is installed. Try one without packaging: --adapter path.py")
    else:
        columns = ("id", "status", "kind", "api", "distribution", "version", "hooks")
        print_table(
            "Adapters",
            columns,
            [
                (row.id, row.status, row.kind, row.api, row.distribution, row.version, len(row.hooks))
                for row in rows
            ],
        )
        for row in rows:
            if row.reason:
                stdout().print(f"\n{row.id} is {row.status}: {row.reason}\n  cure: {row.cure}")
    for error in () if as_json else registry.strangers:
        note(f"\n{error.where} names {error.detail}: no such adapter\n  cure: {error.entry.cure}")
    return Exit.ADAPTER if registry.wrong() and strict_mode(strict_adapters) else Exit.OK


@app.command(adapters=True)
def check(
    target: Target,
    samples: Annotated[
        Path | None,
        typer.Option("--samples", help="The folder of samples; samples/ beside the module if absent."),
    ] = None,
    waive: Annotated[
        list[str] | None, typer.Option("--waive", help="CHECK=REASON: let a check fail. Repeatable.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Prove an adapter on its own samples.

    The same checks with the same ids as in pytest.
    """
    from saascore.cli.output import note, print_json, stdout  # noqa: PLC0415  keeps --help fast
    from saascore.testing.catalogue import run_suite, subject_of  # noqa: PLC0415  keeps --help fast

    registry, adapter_id = _find(target)
    results: list[Result] = []
    for kind in _kinds(registry, adapter_id):
        results += run_suite(subject_of(registry, adapter_id, kind, samples), _waivers(waive or []))
    clean = all(result.clean for result in results)
    if as_json:
        answer: dict[str, Any] = {"adapter": adapter_id, "clean": clean}
        print_json(answer | {"results": [result.to_json() for result in results]})
    else:
        for result in results:
            stdout().print(str(result))
        counts = Counter(result.status for result in results)
        told = ", ".join(f"{count} {status}" for status, count in counts.items())
        note(f"\n{adapter_id}: {told}; {'clean' if clean else 'not clean'}.")
    return Exit.OK if clean else Exit.NOT_CLEAN


@app.command()
def explain(
    check_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[CHECK]", help="A check, an error or a reason, for example BIL-004, ADP-012 or too-old."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a check, an error or an outcome's reason means and how to mend it."""
    from saascore.cli.output import print_json, print_table, stdout  # noqa: PLC0415  keeps --help fast
    from saascore.testing.catalogue import catalogue, find_check  # noqa: PLC0415  keeps --help fast

    if check_id is None:
        checks = catalogue().values()
        if as_json:
            print_json({"checks": [_described(check) for check in checks]})
        else:
            print_table("Checks", ("id", "rule"), [(check.id, check.title) for check in checks])
        return
    described = _error(check_id.upper()) or _reason(check_id) or _described(find_check(check_id))
    if as_json:
        print_json(described)
    else:
        for name, text in described.items():
            stdout().print(f"{name}: {', '.join(text) if isinstance(text, list) else text}")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The adapter's id, for example image-studio.")],
    kind: Annotated[str, typer.Option("--kind", help="product or provider.")],
    out: Annotated[Path | None, typer.Option("--out", help="The folder to make; NAME if absent.")] = None,
    as_json: Json = False,
) -> None:
    """Write a new adapter with samples and tests.

    A small distribution that is green at once.
    """
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.testing.scaffold import write_scaffold  # noqa: PLC0415  keeps --help fast

    folder = out or Path(name)
    files = write_scaffold(name, kind, folder)
    if as_json:
        print_json({"files": files})
    else:
        note("\n".join(files))
        note(f"\nNext: cd into it, then: pip install -e . pytest && pytest && saascore adapters check {name}")


@app.command(adapters=True)
def trace(
    target: Target,
    file: Annotated[
        str, typer.Argument(help="A file of records (NDJSON or a JSON array); - is standard input.")
    ],
    record: Annotated[int, typer.Option("--record", min=1, help="Which record of the file.")] = 1,
    mode: Annotated[str, typer.Option("--mode", help="live or test, for a webhook.")] = "live",
    as_json: Json = False,
) -> int:
    """Show one record in every step, values masked."""
    from saascore.cli.inputs import read_records  # noqa: PLC0415  keeps --help fast
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.drafts import ProviderEvent  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.references import Redactor  # noqa: PLC0415  keeps --help fast
    from saascore.testing.trace import trace_event, trace_row  # noqa: PLC0415  keeps --help fast

    if mode not in {"live", "test"}:
        raise SaascoreError("INP-004", where="--mode", detail="live or test")
    registry, adapter_id = _find(target)
    found = next((item for item in read_records(file) if item.number == record), None)
    if found is None or found.value is None:
        code = "INP-004" if found is None else found.problem or "INP-001"
        raise SaascoreError(
            code, where=f"record {record}", detail=None if found else "there is no such record"
        )
    value = found.value
    if "product" in _kinds(registry, adapter_id):
        # Nothing leaves: the references of a trace are made with a key that is public and says so.
        redactor = Redactor("demo-trace", bytes(range(32)), adapter_id)
        steps = list(trace_row(registry.product(adapter_id), value, redactor))
    else:
        sample = isinstance(value.get("body"), dict)
        event = ProviderEvent(
            value["body"] if sample else value,
            value.get("headers", {}) if sample else {},
            "test" if mode == "test" else "live",
        )
        steps = list(trace_event(registry.provider(adapter_id), event))
    sound = all(step.sound for step in steps)
    if as_json:
        print_json({"adapter": adapter_id, "record": record, "steps": [step.to_json() for step in steps]})
    else:
        rows = [(step.step, step.answer, "" if step.sound else "look here") for step in steps]
        shown = 2 if sound else 3
        table = [row[:shown] for row in rows]
        print_table(f"Record {record} through {adapter_id}", ("step", "answer", "")[:shown], table)
    return Exit.OK if sound else Exit.NOT_CLEAN


def _find(target: str) -> tuple[Registry, str]:
    """Return the registry that holds the adapter meant: an installed one by id, or one given by its path."""
    if not (target in {".", ".."} or target.endswith(".py") or "/" in target):
        return find_adapters(), target
    # no id is "-", so nothing installed is imported
    registry = find_adapters([target], enable=["-"], disable=(), strict=False)
    adapter_id, *others = registry.given
    if others:
        raise SaascoreError("INP-004", where="ID|PATH", detail=ONE_OF_SEVERAL)
    return registry, adapter_id


def _kinds(registry: Registry, adapter_id: str) -> list[Kind]:
    kinds: list[Kind] = [kind for kind in KINDS if adapter_id in registry.ids(kind)]
    if not kinds:
        registry.product(adapter_id)  # raises what is wrong with it
    return kinds


def _waivers(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if any(not reason.strip() for _, _, reason in pairs):
        raise SaascoreError("INP-004", where="--waive", detail="CHECK=REASON, with a reason")
    return {check_id.upper(): reason for check_id, _, reason in pairs}


def _described(check: Check) -> dict[str, Any]:
    text = {"id": check.id, "rule": check.title, "why": check.why, "fix": check.fix}
    return {**text, "hooks": list(check.hooks)}


def _reason(code: str) -> dict[str, Any] | None:
    from saascore.packet.reasons import meaning  # noqa: PLC0415  keeps --help fast

    told = meaning(code)
    return {"id": code, "reason": told} if told else None


def _error(code: str) -> dict[str, Any] | None:
    entry = ERRORS.get(code)
    if entry is None:
        return None
    return {"id": code, "error": entry.title, "expected": entry.expected, "cure": entry.cure}
