"""Half-open windows of UTC time."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from saascore.contract.model import Contract
from saascore.contract.words import UtcInstant


class Window(Contract):
    """``[from, to)``: the first instant is in, the last is out, and ``from < to``."""

    from_: UtcInstant = Field(alias="from")
    to: UtcInstant

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_ >= self.to:
            raise PydanticCustomError("window_order", "{rule}", {"rule": "from is not before to"})
        return self

    @classmethod
    def of(cls, start: str, end: str) -> Self:
        """Return the window from ``start`` up to but not with ``end``."""
        return cls.model_validate({"from": start, "to": end})

    def holds(self, instant: str) -> bool:
        """Tell whether a canonical instant lies in the window."""
        return self.from_ <= instant < self.to
