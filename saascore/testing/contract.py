"""The suite as pytest classes: an adapter's tests adopt it in one line."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest

from saascore.adapters import discover
from saascore.adapters.specs import Kind
from saascore.errors import SaascoreError
from saascore.testing.catalogue import checks_for, find_check, subject_of
from saascore.testing.check import run_check
from saascore.testing.subject import Subject


class AdapterContract:
    """What both contracts share. Nothing of the adapter is imported when tests are collected.

    Attributes:
        adapter: The adapter's id: the name of its entry point.
        waive: Reasons by check id, for checks that the adapter may fail. A waiver whose check passes fails.
        samples: A folder of samples, relative to the test file; ``samples/`` beside the adapter's module if empty.
    """

    adapter: ClassVar[str] = ""
    waive: ClassVar[Mapping[str, str]] = {}
    samples: ClassVar[str] = ""
    kind: ClassVar[Kind]

    def conforms(self, check_id: str) -> None:
        """Run one check, and report it in pytest's terms."""
        subject = self._subject()
        if isinstance(subject, SaascoreError):
            pytest.fail(
                f"{check_id} could not be run: the adapter does not load; test_loads says why", pytrace=False
            )
        result = run_check(find_check(check_id), subject, self.waive)
        if not result.clean:
            pytest.fail(str(result), pytrace=False)
        if result.status == "waived":
            pytest.xfail(f"{check_id} is waived: {result.lines[0]}")
        if result.status == "not-applicable":
            pytest.skip(f"{check_id} does not apply: {result.lines[0]}")

    def test_loads(self) -> None:
        """The adapter can be called, and its samples can be read."""
        if isinstance(refused := self._subject(), SaascoreError):
            pytest.fail(str(refused), pytrace=False)

    def test_waivers_name_checks(self) -> None:
        """Every waiver names a check and gives a reason."""
        known = {check.id for check in checks_for(self.kind)}
        if wrong := [name for name, reason in self.waive.items() if name not in known or not reason.strip()]:
            pytest.fail(f"no check, or no reason: {', '.join(wrong)}", pytrace=False)

    @classmethod
    def _subject(cls) -> Subject | SaascoreError:
        folder = Path(inspect.getfile(cls)).parent / cls.samples if cls.samples else None
        return _subject(cls.adapter, cls.kind, folder)


class ProductAdapterContract(AdapterContract):
    """The checks of a product adapter."""

    kind: ClassVar[Kind] = "product"

    @pytest.mark.parametrize("check_id", [check.id for check in checks_for("product")])
    def test_conforms(self, check_id: str) -> None:
        """The adapter keeps the rule; ``saascore adapters explain`` says more of it."""
        self.conforms(check_id)


class ProviderAdapterContract(AdapterContract):
    """The checks of a provider adapter."""

    kind: ClassVar[Kind] = "provider"

    @pytest.mark.parametrize("check_id", [check.id for check in checks_for("provider")])
    def test_conforms(self, check_id: str) -> None:
        """The adapter keeps the rule; ``saascore adapters explain`` says more of it."""
        self.conforms(check_id)


@cache
def _subject(adapter_id: str, kind: Kind, samples: Path | None) -> Subject | SaascoreError:
    """Return the subject, or why there is none: raised, it would bring its traceback to every check."""
    try:
        return subject_of(discover(enable=[adapter_id], strict=False), adapter_id, kind, samples)
    except SaascoreError as refused:
        return refused
