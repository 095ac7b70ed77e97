"""The boundary: the one place where an adapter's functions are called.

Hooks are resolved once and then called as plain functions. Whatever goes wrong inside becomes a :class:`Failure`,
which names the adapter, the hook and the rule, and holds no message and no value. It is raised outside of the
``except`` clause, so that the adapter's own exception is not chained to it.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from saascore.adapters.shapes import plain
from saascore.adapters.source import place_of_fault, public_type_name
from saascore.adapters.specs import Spec
from saascore.contract.model import Contract, problems
from saascore.contract.outcomes import AdapterOrigin
from saascore.errors import SaascoreError

#: ``SystemExit`` too: an adapter does not end the process. An interrupt of the user passes.
CAUGHT = (Exception, SystemExit)
CHUNK = 1000
REMEMBERED = 65_536
#: One call in this many is checked for changed input, kept input and a second answer; the first one always is.
SAMPLE_EVERY = 1024


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong in an adapter, in public words.

    Attributes:
        code: An error id (``ADP-1xx``, or the id of the refusal that the adapter ran into).
        hook: The hook that was called.
        origin: Adapter, distribution and version.
        exception: The name of the exception's type, where one was raised.
        location: File and line in the adapter's source.
        field: The field of the answer that has the wrong type.
    """

    code: str
    hook: str
    origin: AdapterOrigin
    exception: str | None = None
    location: str | None = None
    field: str | None = None


class AdapterFailure(SaascoreError):  # noqa: N818  it carries a Failure and is named for it
    """An adapter gave no usable answer. ``failure`` says which one, where and by which rule."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        origin = failure.origin
        by = " ".join(filter(None, (origin.adapter, origin.distribution, origin.version)))
        detail = " ".join(filter(None, (failure.exception, failure.location and f"at {failure.location}")))
        if failure.field:
            detail = f"{detail} field {failure.field}".strip()
        super().__init__(failure.code, where=f"{by}, hook {failure.hook}", detail=detail or None)

    def __reduce__(self) -> tuple[type[AdapterFailure], tuple[Failure]]:
        return type(self), (self.failure,)


class Probe(dict[str, Any]):
    """A mapping that tells when it is gone."""

    __slots__ = ("__weakref__",)


class Hook:
    """One hook of one adapter, resolved once.

    Args:
        spec: The specification, whose return annotation is the validator.
        function: The adapter's function.
        origin: Who answers.
        roots: Where the adapter's source lies.
    """

    __slots__ = ("function", "origin", "roots", "spec")

    def __init__(
        self, spec: Spec, function: Callable[..., Any], origin: AdapterOrigin, roots: tuple[Path, ...]
    ) -> None:
        self.spec = spec
        self.function = function
        self.origin = origin
        self.roots = roots

    def __call__(self, *args: Any) -> Any:
        """Call the adapter and validate its answer.

        Raises:
            AdapterFailure: The adapter raised, or its answer does not fit the specification.
        """
        try:
            value = self.function(*args)
        except CAUGHT as error:
            failure = self.raised(error)
        else:
            return self.validated(value)
        raise AdapterFailure(failure)

    def validated(self, value: Any) -> Any:
        """Return a valid answer, or raise ``ADP-102`` with the field's path.

        A model of the contract is read again from its JSON: pydantic makes models without validation where asked to.
        """
        try:
            answer = self.spec.validator.validate_python(value, strict=True)
            if isinstance(answer, Contract):
                return type(answer).model_validate_json(answer.model_dump_json(warnings=False))
        except PydanticSerializationError:
            field = "answer: not a JSON value"
        except ValidationError as error:
            field = problems(error, self.spec.hints["return"])[0].replace("record: ", "answer: ", 1)
        else:
            return answer
        return self.fail("ADP-102", field)

    def stream(self, *args: Any) -> Iterator[Any]:
        """Yield the items of an iterable answer, drained chunk by chunk inside the guard.

        What came before a fault is yielded first.
        """
        items: Iterator[Any] = iter(())
        try:
            items = iter(self.function(*args))
        except CAUGHT as error:
            failure: Failure | None = self.raised(error)
        else:
            failure = None
        while failure is None:
            chunk: list[Any] = []
            try:
                for item in islice(items, CHUNK):
                    chunk.append(self.validated(item))  # noqa: PERF401  what came before a fault is kept
            except AdapterFailure as refused:
                failure = refused.failure
            except CAUGHT as error:
                failure = self.raised(error)
            yield from chunk
            if not chunk and failure is None:
                return
        raise AdapterFailure(failure)

    def raised(self, error: BaseException) -> Failure:
        """Return the failure for an exception: its type and place. Core's own refusals keep their id."""
        code = error.code if isinstance(error, SaascoreError) else "ADP-101"
        place = place_of_fault(error.__traceback__, self.roots)
        return Failure(code, self.spec.name, self.origin, public_type_name(error), place)

    def fail(self, code: str, field: str | None = None, *, hook: str | None = None) -> NoReturn:
        """Refuse an answer."""
        raise AdapterFailure(Failure(code, hook or self.spec.name, self.origin, field=field))

    def check_purity(self, record: Mapping[str, Any], wrap: Callable[[Mapping[str, Any]], Any]) -> None:
        """Try the hook on copies of a record: it may not change it, keep it or answer differently twice.

        Args:
            record: What the adapter is about to get; it is copied and stays untouched.
            wrap: Makes the hook's argument of a record.
        """
        try:
            probe, twin = Probe(deepcopy(dict(record))), deepcopy(dict(record))
        except Exception:  # noqa: BLE001  a record that cannot be copied cannot be compared either
            return
        first = plain(self(wrap(probe)))
        if probe != record:
            self.fail("ADP-103")
        if first != plain(self(wrap(twin))):
            self.fail("ADP-104")
        alive = weakref.ref(probe)
        del probe, first
        if alive() is not None:
            gc.collect()  # a reference cycle may still hold it
            if alive() is not None:
                self.fail("ADP-105")
