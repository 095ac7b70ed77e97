# ruff: noqa: INP001  a script beside the pages it writes
"""Write the reference pages from the code: hooks.md, drafts.md, checks.md and errors.md. A test compares them.

Run from the repository: ``python docs/reference.py``.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

from saascore import drafts
from saascore.adapters.specs import MODULES, Spec, specs
from saascore.contract import billing
from saascore.contract.model import Contract
from saascore.contract.usage import SnapshotBasis
from saascore.contract.words import Mode
from saascore.errors import ERRORS
from saascore.hookspecs import Constant, RecordMapping
from saascore.testing.catalogue import catalogue

GROUPS = {
    "INP": "Input",
    "CON": "Contract",
    "KEY": "Reference keys",
    "ADP": "Adapters",
    "USG": "Usage",
    "ENT": "Entitlements",
    "LED": "Ledger",
    "ENG": "Engines",
    "SCN": "Scanner",
    "PKT": "Release packet",
    "FIX": "Fixtures",
    "DEM": "Demo",
    "INT": "saascore itself",
}
TOPICS = {
    "USE": "Usage",
    "PLN": "Plans",
    "IDN": "Identity",
    "BIL": "Billing",
    "PRV": "Privacy",
}


DRAFTS: dict[str, tuple[type, ...]] = {
    "Usage": (drafts.UsageDraft, drafts.Skip, drafts.SourceRow),
    "Webhooks": (drafts.ProviderEvent, drafts.Mapped, drafts.Context, drafts.Ignored, drafts.Unmapped),
    "What a webhook asserts": (
        *(drafts.BillingDraft, drafts.SnapshotDraft, drafts.ItemDraft, drafts.ScheduledDraft),
        *(
            drafts.PurchaseDraft,
            drafts.GrantDraft,
            drafts.LinkDraft,
            drafts.CorrectionDraft,
            drafts.AuditDraft,
        ),
    ),
}
SIGNALS: tuple[type, ...] = (
    *(billing.Paid, billing.PaymentFailed, billing.ActionRequired, billing.Refunded, billing.Dispute),
    *(billing.TrialEnding, billing.Revoke, billing.Suspend),
)
SIGNALS_TEXT = """
What no snapshot shows, in `BillingDraft.signals`. Those without raw ids are given ready, from `saascore.contract.billing`;
a purchase, a grant, a link and a correction hold raw ids and are given as their drafts.
"""
WORDS: dict[str, Any] = {
    "Service": billing.Service,
    "Collection": billing.Collection,
    "ScheduleKind": billing.ScheduleKind,
    "EndReason": billing.EndReason,
    "SourceKind": billing.SourceKind,
    "SnapshotBasis": SnapshotBasis,
    "AboutKind": drafts.AboutKind,
    "Disposition": drafts.Disposition,
    "Mode": Mode,
}

CHECKS = """
# Conformance checks

A suite that proves an adapter on its own samples. Adopt it in one line:

```python
from saascore.testing import ProviderAdapterContract


class TestPayer(ProviderAdapterContract):
    adapter = "payer"
```

or run it without pytest, with the same ids: `saascore adapters check payer`. `saascore adapters explain BIL-004` prints an entry of this page.
Each check is itself tested: the project's own tests hold a broken adapter for every check, which must fail it and nothing else.

## Samples

The folder `samples/` beside the adapter's module holds what the checks run on. Ship it in the wheel. Use made-up ids.

| file | for | holds |
|---|---|---|
| `rows*.json`, `rows*.ndjson` | product | rows exactly as they are handed in |
| `expected.json` | product | what the names mean and what the rows add up to |
| `events*.json`, `events*.ndjson` | provider | webhooks, and what is known of each |

`expected.json` has `events` (product event name to event type), `plans` (plan name, price or product id to plan label) and `usage` (the exact
totals by event type, plan and unit); `window` where the adapter reads source rows or aggregates, and `environment` for variables that the
checks set, with `{samples}` standing for the folder:

```json
{
  "events": {"render.finished": "image.rendered"},
  "plans": {"Pro (monthly)": "pro", "price-example-pro": "pro"},
  "usage": [{"event_type": "image.rendered", "plan_key": "pro", "unit": "image", "count": 3, "sum": "7"}],
  "window": {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"},
  "environment": {"STUDIO_DATABASE": "{samples}/jobs.sql"}
}
```

An event has a `body`, and may have `name`, `headers`, `mode`, `api_version`, `expect` (`map`, `context`, `ignore` or `unmapped`) and `same_as`,
the name of another sample that asserts the same snapshot: a twin, or an update that changes nothing.

## Waivers

A check that cannot hold is waived with its reason, and shown in the test summary. A waiver whose check passes fails, so none stays behind:

```python
class TestPayer(ProviderAdapterContract):
    adapter = "payer"
    waive = {"BIL-008": "the provider sends each change once"}
```

## In a product's own tests

The pytest plugin comes with saascore. Its fixture `saascore_registry` makes a registry of modules or instances, with everything that is installed
out of sight:

```python
def test_unknown_plans_are_unmapped(saascore_registry):
    import my_product.adapter

    registry = saascore_registry(my_product=my_product.adapter)
    assert registry.product("my-product").map_plan_label("no such plan") is None
```

This page is written from the checks by `docs/reference.py`.
"""


def hooks_page() -> str:
    """Return the hook reference."""
    lines = [
        _paragraphs(
            """
            # Hooks

            What an adapter may implement. An adapter is a module, a package or an instance with functions marked `@hookimpl`; it
            states `api = 1`, and an entry point of the group `saascore.adapters` names it. The entry point's name is its id.

            ```toml
            [project.entry-points."saascore.adapters"]
            image-studio = "saascore_image_studio"
            ```

            A **product adapter** knows names and identity; a **provider adapter** knows the shapes of one provider's webhooks. Implement
            the hooks you need. A function has exactly the arguments of its signature, in that order; annotations are free to be left out,
            and must agree where given; [drafts.md](drafts.md) has what they hand in, field by field. To try one without packaging, give its file: `--adapter path.py`; its id is `adapter_id` at its
            top, or the file's name. Beside every hook stands a `Protocol` for type checkers. All of it is checked before the first
            call, in one report: `saascore adapters list`.

            This page is written from the specifications by `docs/reference.py`.
            """
        )
    ]
    for topic, group in groupby(specs().values(), key=lambda spec: spec.topic):
        module = next(module for module in MODULES if module.__name__.endswith(f".{topic}"))
        lines += ["", f"## {topic.capitalize()}", "", *_paragraphs(module.__doc__ or "").split("\n")[2:], ""]
        for spec in group:
            lines += _hook(spec)
    lines += _mapping()
    return _page(lines)


def drafts_page() -> str:
    """Return the reference of what adapters hand in."""
    lines = [
        _paragraphs(
            """
            # Drafts

            What an adapter hands in, from `saascore.drafts`. A draft may hold raw ids: it lives in memory only, core redacts it,
            it cannot be serialised, and its `repr` shows no value.

            * `RawId` is text or an integer, as the source has it.
            * `Instant` is RFC 3339 text with an offset (`2026-11-02T09:00:00Z`), or a `datetime` with a time zone. Seconds since
              1970 are none: `datetime.fromtimestamp(seconds, UTC)`. Text without an offset says nothing of its zone: where it
              is UTC, say so (`text.replace(" ", "T") + "Z"`).
            * A quantity is decimal text or an integer. A float is refused: `str(12.5)`.
            * A field with a default may be left out.

            This page is written from the code by `docs/reference.py`.
            """
        )
    ]
    for title, classes in DRAFTS.items():
        lines += ["", f"## {title}", ""]
        for draft in classes:
            lines += [f"### {draft.__name__}", "", *_fields_of(draft)]
    lines += ["", "## Words", "", "| type | one of |", "|---|---|"]
    lines += [
        f"| `{name}` | {' '.join(f'`{word}`' for word in get_args(words))} |" for name, words in WORDS.items()
    ]
    lines += ["", "## Signals", "", *_paragraphs(SIGNALS_TEXT).splitlines(), ""]
    for signal in SIGNALS:
        lines += [f"### {signal.__name__}", "", *_fields_of(signal)]
    return _page(lines)


def _fields_of(cls: type) -> Iterator[str]:
    """Yield a class: what it is, and a row for each field with its type as the source has it."""
    text, _, described = (inspect.getdoc(cls) or "").partition("\nAttributes:\n")
    meanings = dict(_entries(dedent(described).strip())) if described else {}
    yield from (_marked(text.strip()), "")
    hints = _written_hints(cls)
    shown = [name for name in hints if not (name == "kind" and cls in SIGNALS)]
    if not shown:
        return
    yield from (
        ("| field | type | default | means |", "|---|---|---|---|")
        if meanings
        else ("| field | type | default |", "|---|---|---|")
    )
    for name in shown:
        hint = hints[name].replace("|", "\\|")
        means = f" {_marked(meanings.get(name, ''))} |" if meanings else ""
        yield f"| `{name}` | `{hint}` | {_default(cls, name)} |{means}"
    yield ""


def _written_hints(cls: type) -> dict[str, str]:
    """Return the types of a class's own fields as its source has them."""
    (made,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(made, ast.ClassDef)  # noqa: S101  what the source of a class is
    return {
        ast.unparse(node.target): ast.unparse(node.annotation)
        for node in made.body
        if isinstance(node, ast.AnnAssign)
    }


def _default(cls: type, name: str) -> str:
    """Return a field's default as it is written, or nothing where it must be given."""
    if issubclass(cls, Contract):
        field = cls.model_fields[name]
        return "" if field.is_required() else f"`{field.default!r}`"
    parameter = inspect.signature(cls).parameters[name]
    if parameter.default is parameter.empty:
        return ""
    return f"`{parameter.default!r}`" if "factory" not in repr(parameter.default) else "`{}`"


def checks_page() -> str:
    """Return the check reference."""
    lines = [CHECKS.strip()]
    for topic, group in groupby(catalogue().values(), key=lambda check: check.id[:3]):
        lines += ["", f"## {TOPICS[topic]}", ""]
        for check in group:
            kind = f"{check.kind} adapters" if check.kind else "product and provider adapters"
            hooks = ", ".join(f"[`{hook}`](hooks.md#{hook})" for hook in check.hooks)
            lines += [f"### {check.id}", "", f"**{check.title}.** For {kind}: {hooks}.", ""]
            lines += [f"* Why: {check.why}", f"* Fix: {check.fix}", ""]
    return _page(lines)


def errors_page() -> str:
    """Return the error reference."""
    lines = [
        _paragraphs(
            """
            # Errors

            Every error has an id that never changes its meaning, says what was expected, and how to cure it. It never shows a value.
            `saascore adapters explain ID` prints an entry. A command that stops on an error answers with its exit code; in an outcome,
            the ids are its `codes`.

            This page is written from the catalogue by `docs/reference.py`.
            """
        )
    ]
    order = [*GROUPS, *(code[:3] for code in ERRORS)]  # a group without a title yet comes last
    ordered = sorted(ERRORS.items(), key=lambda item: order.index(item[0][:3]))
    for group, entries in groupby(ordered, key=lambda item: item[0][:3]):
        lines += ["", f"## {GROUPS.get(group, group)}", ""]
        for code, entry in entries:
            lines += [f"### {code}", "", f"**{entry.title}.** Exit code {int(entry.exit_code)}.", ""]
            lines += [f"* Expected: {entry.expected}", f"* Cure: {entry.cure}", ""]
    return _page(lines)


def _hook(spec: Spec) -> Iterator[str]:
    checks = [check.id for check in catalogue().values() if spec.name in check.hooks]
    yield from (f"### {spec.name}", "", "```text", spec.signature, "```", "")
    yield from _docstring(spec.documentation)
    links = ", ".join(f"[{check}](checks.md#{check.lower()})" for check in checks)
    yield from (f"Checks: {links}.", "")


def _mapping() -> Iterator[str]:
    yield from ("## A mapping stated as data", "")
    yield from _docstring(inspect.getdoc(RecordMapping) or "")
    yield from (f"`Constant`: {(inspect.getdoc(Constant) or '').splitlines()[0]}", "")


def _docstring(text: str) -> Iterator[str]:
    """Yield a Google-style docstring as Markdown: sections become lists, the example a block."""
    parts = re.split(r"(?m)^(Args|Attributes|Returns|Raises|Example):\n", text)
    yield from (_marked(parts[0].strip()), "")
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        content = dedent(body).strip()
        if title == "Example":
            yield from ("```python", content, "```", "")
        elif title == "Returns":
            yield from (f"Returns: {_marked(' '.join(content.split()))}", "")
        else:
            yield from (f"* `{name}`: {_marked(said)}" for name, said in _entries(content))
            yield ""


def _entries(content: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r"\n(?=\w+: )", content):
        name, _, said = entry.partition(": ")
        yield name, " ".join(said.split())


def _marked(text: str) -> str:
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text)
    return re.sub(r"(?<!`)``(?!`)", "`", text)


def _paragraphs(text: str) -> str:
    return _marked(inspect.cleandoc(text))


def _page(lines: list[str]) -> str:
    parts = re.split(r"(?ms)(^```.*?^```$)", "\n".join(lines))
    prose = (re.sub(r"\n{3,}", "\n\n", part) if index % 2 == 0 else part for index, part in enumerate(parts))
    return "".join(prose).strip() + "\n"


PAGES = {"hooks.md": hooks_page, "drafts.md": drafts_page, "checks.md": checks_page, "errors.md": errors_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (Path(__file__).parent / name).write_text(page(), encoding="utf-8")
