"""Identity: which workspace a row or a webhook belongs to, in redacted form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from saascore.contract.words import Reference
from saascore.drafts import RawId
from saascore.hookspecs.markers import hookspec


class Redact(Protocol):
    """Core's keyed function: the only way an identifier crosses the boundary. Its namespace is already set."""

    def __call__(self, kind: str, /, *parts: RawId) -> Reference:
        """Turn the parts of a raw identity into a reference of ``kind``, for example ``workspace``."""
        ...


@hookspec
def reference_workspace(claims: Mapping[str, RawId], redact: Redact) -> Reference | None:
    """Turn what identifies a workspace into its reference.

    Called once for each distinct set of claims of a usage row, or of a webhook's metadata, and remembered. It must
    be pure. Answer only what ``redact("workspace", ...)`` gave: anything else is refused.

    Args:
        claims: ``UsageDraft.claims`` or ``BillingDraft.claims``: names and raw ids.
        redact: Core's keyed function. Hand over the raw id's parts as they are, most general first.

    Returns:
        A reference of kind ``workspace``, or ``None`` where these claims name no workspace. A billing fact then
        stays unresolved until a later fact links it; a usage record is rejected.

    Example:
        >>> from saascore.hookspecs import hookimpl
        >>> @hookimpl
        ... def reference_workspace(claims, redact):
        ...     workspace = claims.get("workspace_id")
        ...     return None if workspace is None else redact("workspace", workspace)
        >>> reference_workspace({}, redact=None) is None
        True
    """
    raise NotImplementedError


class ReferenceWorkspace(Protocol):
    """The type of :func:`reference_workspace`."""

    def __call__(self, claims: Mapping[str, RawId], redact: Redact) -> Reference | None:
        """Turn what identifies a workspace into its reference."""
        ...
