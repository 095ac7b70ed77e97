"""A summary as rows: for a terminal, and for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

from saascore.contract.summary import SummarySpec, Totals, UsageSummary


def summary_rows(summary: UsageSummary) -> tuple[tuple[str, ...], list[tuple[str | int | None, ...]]]:
    """Return the columns and rows of a summary's groups: only the labels that it was grouped by, no empty columns."""
    spec = summary.spec
    labels = _labels(spec)
    adjusted = any(group.totals.adjustment_count for group in summary.groups)
    columns = (*labels, "unit", "count", "sum", *(("adjusted",) if adjusted else ()), "subjects")
    rows: list[tuple[str | int | None, ...]] = []
    for group in summary.groups:
        named = {
            "event_type": group.event_type,
            "plan": group.plan_key,
            spec.grain: _short(group.window.from_),
        }
        values = [{**group.dimensions, **named}.get(label) for label in labels]
        totals = group.totals
        extra = (totals.adjustments,) if adjusted else ()
        rows.append((*values, group.unit, totals.count, totals.sum, *extra, totals.subjects))
    return columns, rows


def summary_csv(summary: UsageSummary) -> str:
    """Return a summary as CSV (RFC 4180) with every column; overflow and suppressed groups are rows of their own."""
    dimensions = [f"dimension:{name}" for name in summary.spec.dimensions]
    totals_columns = list(Totals.model_fields)
    totals_columns.remove("latest")
    out = StringIO()
    table = csv.writer(out)
    head = ("row", "event_type", "plan_key", "unit", "from", "to")
    table.writerow([*head, *dimensions, *totals_columns, "latest_at", "latest"])
    for group in summary.groups:
        own = [group.event_type, group.plan_key, group.unit, group.window.from_, group.window.to]
        own += [group.dimensions.get(name) for name in summary.spec.dimensions]
        table.writerow(["group", *own, *_numbers(group.totals, totals_columns)])
    for kind, remainders in (("overflow", summary.overflow), ("suppressed", summary.suppressed)):
        for rest in remainders:
            own = [
                "",
                "",
                rest.unit,
                summary.spec.window.from_,
                summary.spec.window.to,
                *[""] * len(dimensions),
            ]
            table.writerow([kind, *own, *_numbers(rest.totals, totals_columns)])
    return out.getvalue()


def _numbers(totals: Totals, columns: list[str]) -> list[str | int | None]:
    values = [getattr(totals, name) for name in columns]
    latest = totals.latest
    return [*values, latest.occurred_at if latest else None, latest.quantity if latest else None]


def _labels(spec: SummarySpec) -> list[str]:
    labels = ["event_type"] if spec.by_event_type else []
    labels += ["plan"] if spec.by_plan else []
    labels += list(spec.dimensions)
    return [*labels, spec.grain] if spec.grain != "none" else labels


def _short(instant: str) -> str:
    """Leave out of an instant what is zero."""
    return instant.removesuffix("T00:00:00.000000Z").removesuffix(":00.000000Z")
