"""Every error saascore can raise or print, with what was expected and the cure.

An error is an API: its id never changes its meaning, and its text never holds a value that came from outside.
``ERRORS`` is the catalogue that the error reference in the documentation is generated from.
"""

from __future__ import annotations

import os
from enum import IntEnum
from typing import NamedTuple


class Exit(IntEnum):
    """What the command line answers to its caller."""

    OK = 0
    NOT_CLEAN = 1
    USAGE = 2
    ADAPTER = 3
    STORE = 4


class ErrorEntry(NamedTuple):
    """One row of the catalogue."""

    title: str
    expected: str
    cure: str
    exit_code: Exit = Exit.USAGE


ERRORS: dict[str, ErrorEntry] = {
    # -- input -------------------------------------------------------------------------------------------
    "INP-001": ErrorEntry(
        "A record is not JSON",
        'one JSON object a line, for example {"id": "row-1"}',
        "Mend the line named in the outcome and hand it in again; the other lines were kept.",
    ),
    "INP-002": ErrorEntry(
        "A file cannot be read or written",
        "the path of a file that can be used so; for input also -, standard input",
        "Check the path and its permissions.",
    ),
    "INP-003": ErrorEntry(
        "A record is not a JSON object",
        'a JSON object, for example {"id": "row-1"}',
        "Hand in one object for each record, as NDJSON or as one JSON array.",
    ),
    "INP-004": ErrorEntry(
        "An option or argument cannot be used",
        "a value as the option's help describes it",
        "Run the command with --help and correct the value.",
    ),
    "INP-005": ErrorEntry(
        "A field that the record mapping names is missing",
        "every field of the mapping's paths, except dimensions and source_sequence",
        "Correct the path in the adapter's RecordMapping, or hand in rows that have the field.",
    ),
    "INT-001": ErrorEntry(
        "saascore failed unexpectedly",
        "no such failure: this is a defect of saascore",
        "Report the id, the place and the version; run with --debug on a terminal to see more.",
    ),
    # -- contract ----------------------------------------------------------------------------------------
    "CON-001": ErrorEntry(
        "A value does not fit the contract",
        "the grammar named in the outcome (docs/contract.md lists them)",
        "Correct the field in the adapter or in the ready-made input, then hand it in again.",
    ),
    "CON-002": ErrorEntry(
        "A time has no offset or is not a calendar instant",
        "RFC 3339 with an offset, for example 2026-03-01T12:00:00Z",
        "Attach the time zone where the time is read; saascore never guesses one.",
    ),
    "CON-003": ErrorEntry(
        "A quantity is not an exact decimal",
        'a decimal string or an integer, for example "1.5" or 3; a float is refused',
        "Hand the quantity over as a string or an integer.",
    ),
    "CON-004": ErrorEntry(
        "An encoded fact is too large",
        "at most 16384 bytes of canonical JSON",
        "Move what is not needed for counting or deciding out of the record.",
    ),
    # -- references --------------------------------------------------------------------------------------
    "KEY-001": ErrorEntry(
        "No reference key is configured",
        "SAASCORE_REFERENCE_KEYS=<key id>:<64 or more hexadecimal digits>, or SAASCORE_REFERENCE_KEYS_FILE",
        "Write one to a file, once: python -c"
        " \"import secrets; open('reference.keys', 'x').write('k1:' + secrets.token_hex(32))\", and name the file in SAASCORE_REFERENCE_KEYS_FILE; keep it secret, and as long as the ledgers made with it.",
    ),
    "KEY-002": ErrorEntry(
        "A reference key cannot be used",
        "a short label, a colon and at least 32 bytes as hexadecimal digits",
        "Create a new key; never shorten one.",
    ),
    "KEY-003": ErrorEntry(
        "A reference key that is needed is not configured",
        "the key itself, under the id that is named; of a ledger it is the id printed by: saascore ledger info",
        "Set SAASCORE_REFERENCE_KEYS_FILE or SAASCORE_REFERENCE_KEYS to the key that was made then, never to a new one.",
    ),
    "KEY-004": ErrorEntry(
        "A reference cannot be made from these parts",
        "a kind of the contract and one or more parts, each a non-empty text or an integer",
        'Hand over the raw id\'s parts as they are, for example redact("workspace", row["workspace_id"]).',
    ),
    "KEY-005": ErrorEntry(
        "The configured reference key has the right id and is another key",
        "the key that the ledger was made with; with another one every row would count again",
        "Set SAASCORE_REFERENCE_KEYS_FILE or SAASCORE_REFERENCE_KEYS to that key; a new key gets a new id and is taken"
        " by: saascore ledger rekey",
    ),
    # -- ledger ------------------------------------------------------------------------------------------
    "LED-001": ErrorEntry(
        "The ledger cannot be opened",
        "a ledger made by saascore ledger init, at a place that can be read and written",
        "Check --ledger, the permissions and that the server runs; a new ledger is made by: saascore ledger init",
        Exit.STORE,
    ),
    "LED-002": ErrorEntry(
        "The ledger was written by a newer saascore",
        "a schema step that this version knows",
        "Upgrade saascore; a newer ledger is never read by older code.",
        Exit.STORE,
    ),
    "LED-003": ErrorEntry(
        "There is a ledger already",
        "a place without one",
        "Use it as it is, or name another place with --ledger.",
    ),
    "LED-004": ErrorEntry(
        "A ledger address cannot be used",
        "sqlite:///FILE, or postgresql://USER@HOST/DATABASE with the extra postgres installed",
        "Correct --ledger or SAASCORE_LEDGER; for PostgreSQL: pip install 'saascore[postgres]'",
    ),
    "LED-005": ErrorEntry(
        "The store failed and nothing of the open transaction was kept",
        "room on the disk, a running server and at most a minute's wait for other writers",
        "Mend the cause and hand the unprocessed records in again; those kept before are duplicates then.",
        Exit.STORE,
    ),
    "LED-006": ErrorEntry(
        "The ledger does not hold what it held when it was sealed",
        "facts, positions and checkpoints exactly as they were committed",
        "Restore the ledger from a backup, and compare it with the last exported checkpoint.",
        Exit.NOT_CLEAN,
    ),
    "LED-007": ErrorEntry(
        "There is nothing of that id in the ledger",
        "an id that the ledger or its lists print",
        "Copy the id from: saascore usage export, saascore usage backfill list or saascore usage held list",
        Exit.NOT_CLEAN,
    ),
    "LED-008": ErrorEntry(
        "A reference was made with another key than the one the ledger is pinned to",
        "references made with the key printed by: saascore ledger info",
        "Make the references again with the pinned key.",
        Exit.NOT_CLEAN,
    ),
    "LED-009": ErrorEntry(
        "A proof or checkpoint does not hold",
        "a file written by saascore ledger prove or checkpoint, and the public key that signed it",
        "Do not trust the fact; ask for a new proof against a checkpoint that you keep.",
        Exit.NOT_CLEAN,
    ),
    "LED-010": ErrorEntry(
        "Signing needs a package or a key that is not there",
        "the extra seal, and a signing key made by: saascore ledger keygen",
        "Install it with pip install 'saascore[seal]' and name the key file with --signing-key.",
    ),
    # -- usage -------------------------------------------------------------------------------------------
    "USG-001": ErrorEntry(
        "The product's adapter maps this event name to nothing",
        "a shared event type from map_event_name",
        "Add the event name to the product adapter and hand the record in again.",
    ),
    "USG-002": ErrorEntry(
        "The product's adapter maps this plan to nothing",
        "a public plan label from map_plan_label; nothing stands in for an unknown plan",
        "Add the plan to the product adapter and hand the record in again.",
    ),
    "USG-003": ErrorEntry(
        "The product's adapter knows no workspace for this record",
        "a reference from reference_workspace, or a subject label in the draft",
        "Hand over the claims that identify the workspace, or a subject label.",
    ),
    "USG-004": ErrorEntry(
        "A correction does not fit its target",
        "a counted usage event, reversed at most once, with its type, subject, unit, plan and time repeated",
        "Look the target up with: saascore usage export; a reversal is never reversed, hand in the usage again.",
        Exit.NOT_CLEAN,
    ),
    "USG-005": ErrorEntry(
        "The preview is stale",
        "the same source rows, adapter and parameters as when the preview was made",
        "Run the preview again, read it, and apply its new digest.",
        Exit.NOT_CLEAN,
    ),
    "USG-006": ErrorEntry(
        "A run of this source is open",
        "one open run a source",
        "Resume or cancel it first: saascore usage backfill list",
        Exit.NOT_CLEAN,
    ),
    "USG-007": ErrorEntry(
        "The run's state does not allow this",
        "applying or failed to resume or cancel, applied to revert",
        "See the state with: saascore usage backfill list",
        Exit.NOT_CLEAN,
    ),
    "USG-008": ErrorEntry(
        "A run is larger than its limits",
        "a window of at most 31 days, unless --max-days says more, and rows up to the limit",
        "Split the window, or raise the limit on purpose.",
    ),
    "USG-009": ErrorEntry(
        "A backfill claims a plan basis that only live submission has",
        "plan_basis occurrence, asserted or unknown",
        "Say in the adapter how the plan of an old row is known.",
    ),
    "USG-010": ErrorEntry(
        "Partial summaries overlap",
        "disjoint partitions of the facts",
        "Merge each partition once.",
    ),
    "USG-011": ErrorEntry(
        "Parquet needs a package that is not there",
        "the extra parquet",
        "Install it with pip install 'saascore[parquet]', or export with --format ndjson.",
    ),
    # -- entitlements ------------------------------------------------------------------------------------
    "ENT-001": ErrorEntry(
        "A webhook has no envelope of its provider, or not its shape",
        "the provider's event body as it was delivered, parsed from JSON",
        "Check that --provider names the sender and that the whole body was kept; then hand it in again.",
    ),
    "ENT-002": ErrorEntry(
        "An operator names a plan that the product does not know",
        "a plan name that the product's map_plan_label knows, or a label of its plan rank",
        "Correct the plan's name, or add it to the product adapter; then hand the action in again.",
    ),
    "ENT-003": ErrorEntry(
        "An operator's action lacks an audit field",
        "operator and approval as op:<label>, and a reason label",
        "Add who decided, on whose approval and why; then hand the action in again.",
    ),
    "ENT-004": ErrorEntry(
        "A ready-made billing fact does not fit where it is handed in",
        "a fact of the named provider and mode, made with the ledger's reference key, whose fact_id is its digest",
        "Name the provider and mode it was made for, or make it again.",
    ),
    "ENT-005": ErrorEntry(
        "A mode is neither live nor test",
        "live or test",
        "Name the endpoint's mode.",
    ),
    "ENT-006": ErrorEntry(
        "A position lies after the last fact of the ledger",
        "a position from 0 to the head that saascore ledger info prints",
        "Ask with a smaller --as-of, or without it.",
    ),
    "ENT-007": ErrorEntry(
        "Claims name no workspace",
        "a JSON object on standard input with the claims that the product's reference_workspace reads",
        "Hand over the claims as the product's adapter documents them.",
    ),
    # -- adapters: found and checked before the first call -------------------------------------------------
    "ADP-001": ErrorEntry(
        "No adapter has this id",
        "an id that is listed by: saascore adapters list",
        "Install the distribution that has it, or give its file or module with --adapter.",
        Exit.ADAPTER,
    ),
    "ADP-002": ErrorEntry(
        "The adapter is disabled",
        "an adapter that no setting disables",
        "Take it out of the setting that is named, or enable it by a stronger one: flag, environment, pyproject.toml.",
        Exit.ADAPTER,
    ),
    "ADP-003": ErrorEntry(
        "The adapter is broken",
        "an adapter that passes every check made before its first call",
        "Mend what is named; saascore adapters list shows all of it.",
        Exit.ADAPTER,
    ),
    "ADP-004": ErrorEntry(
        "The adapter does not have the hook that is needed",
        "a function marked @hookimpl with the hook's name",
        "Implement the hook (docs/hooks.md), or name another adapter.",
        Exit.ADAPTER,
    ),
    "ADP-005": ErrorEntry(
        "Two distributions claim one adapter id",
        "each id claimed once",
        "Disable one of them: SAASCORE_DISABLE_ADAPTERS=<id>@<distribution>, or [tool.saascore] disable-adapters.",
        Exit.ADAPTER,
    ),
    "ADP-006": ErrorEntry(
        "An adapter id is not a public label",
        "lower-case words joined by dashes, for example image-studio",
        "Rename the entry point (or adapter_id, or the file) of the adapter.",
        Exit.ADAPTER,
    ),
    "ADP-007": ErrorEntry(
        "The adapter cannot be imported",
        "a module that imports without an error",
        "Import the module in Python to see its own error; install what it needs.",
        Exit.ADAPTER,
    ),
    "ADP-008": ErrorEntry(
        "The adapter's api is not supported",
        "api = 1 at the top of the adapter",
        "Upgrade the side that is named: the adapter where its api is older, saascore where it is newer.",
        Exit.ADAPTER,
    ),
    "ADP-009": ErrorEntry(
        "The adapter implements no hook",
        "at least one function marked @hookimpl in the object that the entry point names",
        "Import the hooks into that module, or let the entry point name the module that has them.",
        Exit.ADAPTER,
    ),
    "ADP-010": ErrorEntry(
        "There is no such hook",
        "a function named as a hook of docs/hooks.md",
        "Rename the function, or take the mark @hookimpl off it; a name that begins with _ is left alone.",
        Exit.ADAPTER,
    ),
    "ADP-011": ErrorEntry(
        "A function has a hook's name and no mark",
        "@hookimpl above the function",
        "Write @hookimpl above it, or give it another name.",
        Exit.ADAPTER,
    ),
    "ADP-012": ErrorEntry(
        "A hook's arguments differ from its specification",
        "exactly the arguments of the signature in docs/hooks.md, in its order",
        "Give the function the signature that is shown.",
        Exit.ADAPTER,
    ),
    "ADP-013": ErrorEntry(
        "A hook's annotation differs from its specification",
        "an annotation that agrees with docs/hooks.md, or none",
        "Take the annotation from the signature that is shown.",
        Exit.ADAPTER,
    ),
    "ADP-014": ErrorEntry(
        "A hook is asynchronous, or a generator where a value is due",
        "a plain function that returns its answer",
        "Read what must be awaited outside of the adapter; return the value in place of yielding it.",
        Exit.ADAPTER,
    ),
    "ADP-015": ErrorEntry(
        "A hook is marked with options",
        "a bare @hookimpl: adapters are addressed by id and never ordered or wrapped",
        "Take the options off the mark.",
        Exit.ADAPTER,
    ),
    "ADP-016": ErrorEntry(
        "The entry point names no adapter",
        "a module, a package or an instance, for example saascore_stripe or saascore_stripe:adapter",
        "Let the entry point name the module, or an instance of the class.",
        Exit.ADAPTER,
    ),
    "ADP-017": ErrorEntry(
        "The setting of adapters cannot be used",
        'ids or id@distribution: disable-adapters = ["stripe"] in [tool.saascore], or separated by commas',
        "Correct the setting that is named.",
    ),
    "ADP-018": ErrorEntry(
        "A setting names an adapter that is not there",
        "an id, or id@distribution, that is listed by: saascore adapters list",
        "Correct the name in the setting that is named, or install the adapter.",
        Exit.ADAPTER,
    ),
    # -- adapters: the boundary ----------------------------------------------------------------------------
    "ADP-101": ErrorEntry(
        "The adapter raised an exception",
        "an answer for every input",
        "Mend the adapter at the place that is named; saascore adapters check ID tries it on its samples.",
        Exit.ADAPTER,
    ),
    "ADP-102": ErrorEntry(
        "The adapter's answer has the wrong type",
        "what the hook's specification returns (docs/hooks.md)",
        "Return the type that the hook's signature names.",
        Exit.ADAPTER,
    ),
    "ADP-103": ErrorEntry(
        "The adapter changed its input",
        "the input left as it was",
        "Copy what must be changed.",
        Exit.ADAPTER,
    ),
    "ADP-104": ErrorEntry(
        "The adapter answered differently to the same input",
        "the same answer each time: no clock, no randomness, no memory",
        "Take the answer from the input alone.",
        Exit.ADAPTER,
    ),
    "ADP-105": ErrorEntry(
        "The adapter kept its input",
        "no reference to the input after the call",
        "Keep no cache of records; core remembers what may be remembered.",
        Exit.ADAPTER,
    ),
    "ADP-106": ErrorEntry(
        "Source rows are out of order",
        "strictly ascending cursors (time, row key), compared as text, each later than the one given as after",
        "Order the query by time and key; pad a number that is part of a cursor.",
        Exit.ADAPTER,
    ),
    "ADP-107": ErrorEntry(
        "The reference was not made by core",
        'what redact("workspace", ...) gave in the same call, or None',
        "Return the result of redact unchanged.",
        Exit.ADAPTER,
    ),
    "ADP-108": ErrorEntry(
        "The adapter's copy holds what may not leave",
        "text without ids, addresses, keys and private URLs; the rule that found one is named",
        "Word it with plan names, counts and dates; let the page that shows it add the rest.",
        Exit.ADAPTER,
    ),
    # -- the author's kit ----------------------------------------------------------------------------------
    "ADP-201": ErrorEntry(
        "There is no such check",
        "an id of docs/checks.md, for example BIL-004",
        "List them with: saascore adapters explain",
    ),
    "ADP-202": ErrorEntry(
        "The adapter's samples cannot be used",
        "a folder samples/ beside the adapter's module, as docs/checks.md describes it",
        "Correct the file that is named.",
        Exit.ADAPTER,
    ),
    "ADP-203": ErrorEntry(
        "The new adapter cannot be written",
        "a name like image-studio, and a folder that does not exist yet",
        "Choose another name or folder.",
    ),
    # -- what is published -----------------------------------------------------------------------------------
    "PKT-001": ErrorEntry(
        "The output cannot be written",
        "a folder that exists or can be made, with space left in it",
        "Choose another folder with --out, or mend its permissions.",
    ),
    "PKT-002": ErrorEntry(
        "The output folder holds other things",
        "an empty or absent folder, or one that an earlier packet build wrote",
        "Choose another folder with --out; nothing was written or removed.",
    ),
    "PKT-003": ErrorEntry(
        "The packet is refused: an artifact holds what must not be published",
        "artifacts in which the privacy scanner finds nothing, in profile artifact",
        "Mend the adapter that let the value named by rule and pointer through; no packet was written.",
        Exit.NOT_CLEAN,
    ),
    "PKT-004": ErrorEntry(
        "The folder is not a release packet",
        "a folder with a manifest.json that packet build wrote",
        "Check the path; build a packet with: saascore packet build --out DIR",
        Exit.NOT_CLEAN,
    ),
    "PKT-005": ErrorEntry(
        "The report's window is empty or cannot be read",
        "--from before --to, both RFC 3339 with an offset, for example 2026-03-01T00:00:00Z",
        "Correct the window.",
    ),
    "FIX-001": ErrorEntry(
        "The file is not an acceptance fixture",
        'a JSON object with "schema": "saascore/acceptance-fixture/1" and the fields of docs/fixtures.md',
        "Correct the fields that are named.",
        Exit.NOT_CLEAN,
    ),
    "DEM-001": ErrorEntry(
        "The demo's example adapters are not installed",
        "the example adapters that the demo drives, each an installed distribution",
        "In a checkout run: make demo, or: pip install -e example_adapters/NAME for each one that is named.",
        Exit.ADAPTER,
    ),
    "DEM-002": ErrorEntry(
        "The demo's sample inputs are missing",
        "the sample files that come with saascore, in its wheel or its checkout",
        "Install saascore again from its wheel, or run the demo in a checkout.",
    ),
    # -- engines -----------------------------------------------------------------------------------------
    "ENG-001": ErrorEntry(
        "A worker has another version of the adapter than the driver",
        "the same distribution and version of the adapter wherever rows are mapped",
        "Install the driver's version of the adapter for every worker, or ship its wheel with the job.",
        Exit.ADAPTER,
    ),
    "ENG-002": ErrorEntry(
        "Worker processes are killed again and again by the same rows",
        "workers that live; memory is the usual reason that they do not",
        "Run with --engine local to see which rows, use a smaller --chunk, or give the machine more memory.",
        Exit.ADAPTER,
    ),
    "ENG-003": ErrorEntry(
        "The engine is not available here",
        "for spark: pip install 'saascore[spark]' and Java 17 or newer on the path",
        "Install what is missing, or use --engine local or --engine pool: the result is the same, byte for byte.",
    ),
    "ENG-004": ErrorEntry(
        "Spark could not run the job",
        "executors with Python 3.11 or newer, saascore[spark] and the adapter installed",
        "See the executors' own logs; what was committed before is kept, and running again is safe.",
        Exit.ADAPTER,
    ),
    # -- scanner -----------------------------------------------------------------------------------------
    "SCN-001": ErrorEntry(
        "A rule file cannot be used",
        'JSON such as {"public_words": ["acme"], "rules": []} (docs/privacy.md, "Rules of your own")',
        "Correct the rule named; a regular expression may hold no nested or adjacent unbounded repeats.",
    ),
    "SCN-002": ErrorEntry(
        "A waiver file cannot be used",
        'JSON such as {"waivers": [{"rule": "...", "pointer": "/a/*", "fingerprint": "...", "reason": "...", '
        '"expires": "2026-12-31"}]}',
        "Correct the waiver named; copy rule, pointer and fingerprint from the scanner's JSON output.",
    ),
    "SCN-003": ErrorEntry(
        "Waivers need a fingerprint key",
        "SAASCORE_FINGERPRINT_KEY=<64 or more hexadecimal digits>",
        "Set the key that the fingerprints were printed with; without one they change with every run.",
    ),
}


class SaascoreError(Exception):
    """A refusal that names its rule and its cure, and never a value.

    Args:
        code: An id of ``ERRORS``.
        where: Public words that locate the fault (a field path, a file's role, an adapter id). Never input.
        detail: Public words that say more than the catalogue's title. Never input.
    """

    def __init__(self, code: str, *, where: str | None = None, detail: str | None = None) -> None:
        self.code = code
        self.entry = ERRORS[code]
        self.where = where
        self.detail = detail
        super().__init__(code, where, detail)

    @property
    def exit_code(self) -> Exit:
        """The exit code of a command that stops on this error."""
        return self.entry.exit_code

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.code} {self.entry.title}{place}{detail}. Expected {self.entry.expected}. {self.entry.cure}"


def os_reason(error: OSError) -> str:
    """Say why the system refused, in its own words for the error's number; never the path, nor a text from elsewhere."""
    return os.strerror(error.errno).lower() if error.errno else "the system refuses it"
