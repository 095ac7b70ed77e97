"""Where facts are kept: an append-only ledger in SQLite or PostgreSQL, sealed as a Merkle tree."""

from saascore.ledger.address import create_ledger, open_ledger
from saascore.ledger.arrivals import Measure, Receipt
from saascore.ledger.facts import JournalRow, NewFact, Placed, StoredFact
from saascore.ledger.store import Ledger, LedgerInfo
from saascore.ledger.writer import Writer

__all__ = [
    "JournalRow",
    "Ledger",
    "LedgerInfo",
    "Measure",
    "NewFact",
    "Placed",
    "Receipt",
    "StoredFact",
    "Writer",
    "create_ledger",
    "open_ledger",
]
