"""A ledger: facts of every kind under one gapless position, read as of any position."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Self

from saascore.contract.words import KeyId
from saascore.errors import SaascoreError
from saascore.ledger.driver import Driver
from saascore.ledger.reader import Reader
from saascore.ledger.schema import CURRENT, ddl
from saascore.ledger.writer import Writer


class LedgerInfo(NamedTuple):
    """What a ledger says of itself.

    ``reference_key`` is the key id that idempotency is pinned to, ``subject_key`` the one that new subjects are made
    with (another one only after a rotation).
    """

    ledger_id: str
    schema: int
    reference_key: KeyId
    subject_key: KeyId
    created_at: str
    head: int


class Ledger(Reader):
    """An open ledger. Open one a thread; a context manager closes it.

    Args:
        driver: A connection to a database that holds a ledger of this or an earlier schema.

    Raises:
        SaascoreError: ``LED-001`` where there is no ledger, ``LED-002`` where it is newer than this code.
    """

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver)
        meta = self._meta()
        if not meta["schema"].isdigit() or int(meta["schema"]) > CURRENT:
            raise SaascoreError("LED-002")
        if int(meta["schema"]) < CURRENT:
            self._upgrade()

    @classmethod
    def create(cls, driver: Driver, *, ledger_id: str, reference_key: KeyId, created_at: str) -> Self:
        """Make the tables and pin the reference key."""
        driver.begin()
        try:
            driver.script(ddl(driver.dialect))
            meta = {
                "schema": str(CURRENT),
                "ledger_id": ledger_id,
                "reference_key": reference_key,
                "subject_key": reference_key,
                "created_at": created_at,
            }
            driver.insert("meta", ("name", "value"), list(meta.items()))
            driver.commit()
        except BaseException:
            driver.rollback()
            raise
        return cls(driver)

    @property
    def info(self) -> LedgerInfo:
        """What the ledger says of itself now."""
        meta = self._meta()
        return LedgerInfo(
            meta["ledger_id"],
            int(meta["schema"]),
            meta["reference_key"],
            meta["subject_key"],
            meta["created_at"],
            self.head,
        )

    def key_check(self, key_id: KeyId) -> str | None:
        """Return the check value of a reference key that has been used here."""
        return self._meta().get(f"key_check/{key_id}")

    def keep_key_check(self, key_id: KeyId, value: str) -> str:
        """Keep a key's check value where there is none, and return the one that is kept."""
        with self.write() as writer:  # another process may have been faster
            if (kept := self.key_check(key_id)) is None:
                writer.driver.insert("meta", ("name", "value"), [(f"key_check/{key_id}", value)])
        return kept or value

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Open the one write transaction: all of it is committed at the end, or nothing.

        Raises:
            SaascoreError: ``LED-005`` where the store fails; nothing of the transaction was kept then.
        """
        self.driver.begin()
        try:
            writer = Writer(self.driver, self.head)
            yield writer
            self.driver.commit()
        except BaseException:
            self.driver.rollback()
            raise

    def close(self) -> None:
        """Close the connection."""
        self.driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _meta(self) -> dict[str, str]:
        try:
            return dict(self.driver.rows("SELECT name, value FROM meta"))
        except SaascoreError:
            raise SaascoreError("LED-001", detail="there are no tables of a ledger") from None

    def _upgrade(self) -> None:
        self.driver.begin()
        try:
            since = int(self._meta()["schema"])  # another process may have been faster
            self.driver.script(ddl(self.driver.dialect, since=since))
            self.driver.run("UPDATE meta SET value = ? WHERE name = 'schema'", (str(CURRENT),))
            self.driver.commit()
        except BaseException:
            self.driver.rollback()
            raise
