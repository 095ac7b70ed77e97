"""Opening and making ledgers by address."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import UTC, datetime
from importlib.util import find_spec

from saascore.contract.instants import parse_instant
from saascore.contract.words import KeyId
from saascore.errors import SaascoreError
from saascore.ledger.driver import Driver
from saascore.ledger.store import Ledger

_SQLITE = "sqlite:///"


def open_ledger(url: str) -> Ledger:
    """Open an existing ledger.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://USER@HOST/DATABASE``.

    Raises:
        SaascoreError: ``LED-004`` where the address cannot be used, ``LED-001`` where there is no ledger there,
            ``LED-002`` where it is newer than this code.
    """
    driver = connect(url, create=False)
    try:
        return Ledger(driver)
    except BaseException:
        driver.close()
        raise


def create_ledger(url: str, *, reference_key: KeyId, created_at: str | None = None) -> Ledger:
    """Make a ledger and pin it to a reference key, by id.

    Args:
        url: As for :func:`open_ledger`; ``sqlite:///:memory:`` for one that ends with the process.
        reference_key: The id of the key that all its references are made with.
        created_at: The time to record; now by default.

    Raises:
        SaascoreError: ``LED-003`` where there is one already, ``LED-001`` where it cannot be made.
    """
    driver = connect(url, create=True)
    name = b32encode(secrets.token_bytes(10)).decode("ascii").lower()
    now = parse_instant(created_at or datetime.now(UTC))
    try:
        return Ledger.create(driver, ledger_id=f"ledger-{name}", reference_key=reference_key, created_at=now)
    except BaseException:
        driver.close()
        raise


def connect(url: str, *, create: bool) -> Driver:
    """Return a connection to the database of an address; ``create`` refuses one that holds something already."""
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        from saascore.ledger.sqlite import SqliteDriver  # noqa: PLC0415  loaded when used

        return SqliteDriver(url.removeprefix(_SQLITE), create=create)
    if url.startswith(("postgresql://", "postgres://")) and find_spec("psycopg") is not None:
        from saascore.ledger.postgresql import PostgresqlDriver  # noqa: PLC0415  an extra, loaded when used

        return PostgresqlDriver(url, create=create)
    raise SaascoreError("LED-004", detail=_why_not(url))


def _why_not(url: str) -> str:
    if url.startswith(("postgresql://", "postgres://")):
        return "the extra postgres is not installed here"
    if url.startswith("sqlite://"):
        return "it names no file; a path follows sqlite:///"
    return "its scheme is neither sqlite nor postgresql" if "://" in url else "it has no scheme"
