"""Every conformance check by id, and the suite that runs those that concern an adapter."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from saascore.adapters import ProductAdapter, Registry
from saascore.adapters.specs import Kind
from saascore.errors import SaascoreError
from saascore.testing.check import Check, Result, run_check
from saascore.testing.checks import billing, identity, plans, privacy, usage
from saascore.testing.subject import ProductSubject, ProviderSubject, Subject

MODULES = (usage, plans, identity, billing, privacy)


@cache
def catalogue() -> Mapping[str, Check]:
    """Return every check by id, in the order of the documentation."""
    found = [value for module in MODULES for value in vars(module).values() if isinstance(value, Check)]
    return {check.id: check for check in found}


def checks_for(kind: Kind) -> tuple[Check, ...]:
    """Return the checks that concern adapters of one kind."""
    return tuple(check for check in catalogue().values() if check.kind in {None, kind})


def find_check(check_id: str) -> Check:
    """Return a check by its id.

    Raises:
        SaascoreError: ``ADP-201`` where there is none.
    """
    check = catalogue().get(check_id.upper())
    if check is None:
        near = get_close_matches(check_id.upper(), catalogue(), 1, 0.5)
        raise SaascoreError("ADP-201", detail=f"did you mean {near[0]}?" if near else None)
    return check


def subject_of(registry: Registry, adapter_id: str, kind: Kind, samples: str | Path | None = None) -> Subject:
    """Return an adapter with its samples, ready to be checked.

    Raises:
        SaascoreError: The adapter cannot be called (``ADP-00x``), or its samples cannot be used (``ADP-202``).
    """
    if kind == "product":
        return ProductSubject(registry.product(adapter_id), samples)
    return ProviderSubject(registry.provider(adapter_id), samples)


def run_suite(subject: Subject, waivers: Mapping[str, str] | None = None) -> tuple[Result, ...]:
    """Run every check that concerns an adapter.

    Args:
        subject: The adapter with its samples.
        waivers: Reasons by check id.

    Raises:
        SaascoreError: ``ADP-201`` where a waiver names no check.
    """
    waivers = waivers or {}
    for check_id in waivers:
        find_check(check_id)
    kind: Kind = "product" if isinstance(subject.adapter, ProductAdapter) else "provider"
    return tuple(run_check(check, subject, waivers) for check in checks_for(kind))


__all__ = ["catalogue", "checks_for", "find_check", "run_suite", "subject_of"]
