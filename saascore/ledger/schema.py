"""The tables of a ledger, as numbered steps that only go forward, for each dialect of SQL.

``facts`` is the ledger: append-only, which the database itself enforces. ``journal`` is append-only too; it tells what
was believed when, so it depends on the order of arrival and has numbers of its own. Every other table is derived from
the facts (``usage``, ``keys``, ``topics``, ``corrections``, ``claims``, ``aliases``), or is beside them: how things arrived
(``receipts``, ``tallies``), what waits (``held``, ``staging``, ``runs``) and what was sealed (``tree``, ``checkpoints``).
"""

from __future__ import annotations

from typing import Literal

Dialect = Literal["sqlite", "postgresql", "d1"]
#: The number of a schema in ``facts.kind``; numbers are never reused.
KINDS: dict[str, int] = {
    "saascore/usage-event/1": 1,
    "saascore/billing-fact/1": 2,
    "saascore/rules-recorded/1": 3,
    "saascore/usage-aggregate/1": 4,
    "saascore/watermark/1": 5,
    "saascore/claim/1": 6,
    "saascore/alias/1": 7,
    "saascore/run-applied/1": 8,
    "saascore/run-reverted/1": 9,
    "saascore/capability-snapshot/1": 10,
}
SCHEMAS: dict[int, str] = {number: schema for schema, number in KINDS.items()}

_TYPES = {
    "sqlite": {"int": "INTEGER", "blob": "BLOB", "strict": " STRICT", "clustered": " STRICT, WITHOUT ROWID"},
    "d1": {"int": "INTEGER", "blob": "BLOB", "strict": " STRICT", "clustered": " STRICT, WITHOUT ROWID"},
    "postgresql": {"int": "BIGINT", "blob": "BYTEA", "strict": "", "clustered": ""},
}

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL){strict};
CREATE TABLE kinds (kind {int} PRIMARY KEY, schema TEXT NOT NULL UNIQUE){strict};
CREATE TABLE scopes (scope {int} PRIMARY KEY, family TEXT NOT NULL, source TEXT NOT NULL, UNIQUE (family, source)){strict};

CREATE TABLE facts (
  position {int} PRIMARY KEY, kind {int} NOT NULL DEFAULT 1, scope {int} NOT NULL, body TEXT NOT NULL
){strict};
CREATE INDEX facts_kind ON facts (kind, position) WHERE kind <> 1;
CREATE TABLE topics (topic TEXT NOT NULL, position {int} NOT NULL, PRIMARY KEY (topic, position)){clustered};

CREATE TABLE journal (
  number {int} PRIMARY KEY, write_id {blob} NOT NULL UNIQUE, position {int} NOT NULL, body TEXT NOT NULL
){strict};
CREATE TABLE journal_topics (topic TEXT NOT NULL, number {int} NOT NULL, PRIMARY KEY (topic, number)){clustered};

CREATE TABLE keys (body {blob} NOT NULL, scope {int} NOT NULL, position {int} NOT NULL, PRIMARY KEY (body, scope)){clustered};

CREATE TABLE shapes (shape {int} PRIMARY KEY, label TEXT NOT NULL UNIQUE){strict};
CREATE TABLE subjects (subject {int} PRIMARY KEY, label TEXT NOT NULL UNIQUE){strict};
CREATE TABLE usage (
  position {int} PRIMARY KEY, shape {int} NOT NULL, subject {int} NOT NULL, occurred_at TEXT NOT NULL,
  whole {int} NOT NULL, nanos {int} NOT NULL DEFAULT 0, sequence {int}, run {int}, event {blob} NOT NULL
){strict};
CREATE INDEX usage_run ON usage (run, position) WHERE run IS NOT NULL;
CREATE TABLE corrections (
  target {blob} NOT NULL, position {int} NOT NULL, run {int}, replaces {int} NOT NULL, PRIMARY KEY (target, position)
){clustered};
CREATE TABLE claims (target {int} NOT NULL, origin {int} NOT NULL, position {int} NOT NULL, PRIMARY KEY (target, origin)){clustered};
CREATE TABLE aliases (old TEXT PRIMARY KEY, new TEXT NOT NULL, position {int} NOT NULL){strict};

CREATE TABLE runs (
  run {int} PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, state TEXT NOT NULL,
  preview TEXT NOT NULL, preview_digest TEXT NOT NULL, consumed {int} NOT NULL, rejected {int} NOT NULL,
  skipped {int} NOT NULL, started_at TEXT NOT NULL, applied_position {int}, reverted_position {int}
){strict};
CREATE UNIQUE INDEX runs_open ON runs (source) WHERE state IN ('applying', 'failed');
CREATE TABLE staging (
  run {int} NOT NULL, ordinal {int} NOT NULL, key {blob} NOT NULL, body TEXT NOT NULL, shape TEXT NOT NULL,
  subject TEXT NOT NULL, occurred_at TEXT NOT NULL, whole {int} NOT NULL, nanos {int} NOT NULL, sequence {int},
  PRIMARY KEY (run, ordinal)
){clustered};

CREATE TABLE held (
  number {int} PRIMARY KEY, scope {int} NOT NULL, key {blob} NOT NULL, reason TEXT NOT NULL, target {blob},
  body TEXT NOT NULL, held_at TEXT NOT NULL, UNIQUE (scope, key)
){strict};
CREATE INDEX held_target ON held (target) WHERE target IS NOT NULL;

CREATE TABLE tallies (
  hour TEXT NOT NULL, flow TEXT NOT NULL, source TEXT NOT NULL, mode TEXT NOT NULL, measure TEXT NOT NULL,
  word TEXT NOT NULL, count {int} NOT NULL, PRIMARY KEY (hour, flow, source, mode, measure, word)
){clustered};
CREATE TABLE receipts (
  position {int} PRIMARY KEY, first_received_at TEXT NOT NULL, last_received_at TEXT NOT NULL,
  deliveries {int} NOT NULL, differing {int} NOT NULL
){strict};

CREATE TABLE tree (level {int} NOT NULL, node {int} NOT NULL, hash {blob} NOT NULL, PRIMARY KEY (level, node)){clustered};
CREATE TABLE checkpoints (size {int} PRIMARY KEY, root {blob} NOT NULL, note TEXT NOT NULL, sealed_at TEXT NOT NULL){strict};
"""

_APPEND_ONLY = {
    "sqlite": """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
""",
    "postgresql": """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $body$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $body$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
""",
}
_APPEND_ONLY["d1"] = _APPEND_ONLY["sqlite"]
_OWN_SCHEMA = "CREATE SCHEMA IF NOT EXISTS saascore;\nSET search_path TO saascore;\n"
_PROTECTED = (
    "facts",
    "journal",
    "checkpoints",
    "usage",
    "corrections",
    "claims",
    "aliases",
    "shapes",
    "subjects",
)


def _first(dialect: Dialect) -> str:
    kinds = "\n".join(
        f"INSERT INTO kinds VALUES ({number}, '{schema}');"  # noqa: S608  both are ours
        for schema, number in KINDS.items()
    )
    triggers = "".join(_APPEND_ONLY[dialect].replace("{table}", table) for table in _PROTECTED)
    tables = _TABLES.format(**_TYPES[dialect])
    if dialect == "postgresql":
        # a schema of its own beside the product's tables; text compares by bytes, as in SQLite
        tables = _OWN_SCHEMA + tables.replace(" TEXT", ' TEXT COLLATE "C"')
    return tables + kinds + "\n" + triggers


#: Step n brings a ledger from schema n to n + 1. A step that has been released never changes.
STEPS = (_first,)
CURRENT = len(STEPS)


def ddl(dialect: Dialect, *, since: int = 0) -> str:
    """Return the SQL that brings a ledger from schema ``since`` to the current one.

    Statements are separated by a semicolon at the end of a line; there are no server functions and no bound
    parameters, so that the text can also be executed by ``wrangler d1 execute --file``.
    """
    return "\n".join(step(dialect) for step in STEPS[since:]).strip() + "\n"
