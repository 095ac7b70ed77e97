"""``saascore ledger``: make a ledger, look at it, seal it and prove what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saascore.cli.clock import Now, clock_of
from saascore.cli.options import (
    DEFAULT_LEDGER,
    AdapterPaths,
    Files,
    Json,
    LedgerUrl,
    command_group,
    find_adapters,
)
from saascore.cli.progress import counting
from saascore.errors import SaascoreError

app = command_group("The ledger: make, verify, seal and prove it.")

SigningKeyFile = Annotated[
    Path | None,
    typer.Option(
        "--signing-key", envvar="SAASCORE_SIGNING_KEY_FILE", help="The file that keygen has written."
    ),
]
Verifier = Annotated[
    str | None,
    typer.Option(
        "--verifier-key", envvar="SAASCORE_VERIFIER_KEY", help="The public key that keygen printed."
    ),
]


@app.command()
def init(
    ledger: LedgerUrl = DEFAULT_LEDGER,
    key_id: Annotated[
        str | None, typer.Option("--key-id", help="The reference key to pin; the first configured one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a ledger and pin it to a reference key, by id; the key itself is never stored."""
    import os  # noqa: PLC0415  the environment is read when it is needed

    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import create_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.pinned import check_keys  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.references import ReferenceKeys  # noqa: PLC0415  keeps --help fast

    keys = ReferenceKeys.load(os.environ)
    chosen = keys.current if key_id is None else key_id
    if chosen not in keys:
        raise SaascoreError("KEY-003", where="--key-id")
    with create_ledger(ledger, reference_key=chosen) as made:
        check_keys(made, keys)
        info = made.info
    if as_json:
        print_json(info._asdict())
    else:
        note(f"{info.ledger_id} is ready, pinned to reference key {info.reference_key}")


@app.command()
def info(ledger: LedgerUrl = DEFAULT_LEDGER, as_json: Json = False) -> None:
    """Show what the ledger says of itself: id, schema, pinned key and head."""
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        told = store.info
    if as_json:
        print_json(told._asdict())
    else:
        print_table(
            "Ledger", ("what", "value"), [(name, str(value)) for name, value in told._asdict().items()]
        )


@app.command()
def copy(
    to: Annotated[
        str, typer.Option("--to", help="A place without a ledger: sqlite:///FILE or postgresql://…")
    ],
    ledger: LedgerUrl = DEFAULT_LEDGER,
    as_json: Json = False,
) -> None:
    """Copy the whole ledger to another place, positions, seals and journal as they are; use one of the two after."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.copy import copy_ledger  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store, counting("rows copied") as progress:
        made = copy_ledger(store, to, progress=progress)
    if as_json:
        print_json(made._asdict())
    else:
        note(f"{made.ledger_id} is copied, {made.head} facts; from now on use one of the two")


@app.command()
def schema(
    dialect: Annotated[str, typer.Option("--dialect", help="sqlite, postgresql or d1.")] = "sqlite",
) -> None:
    """Print the tables as SQL; for Cloudflare D1: wrangler d1 execute NAME --file."""
    from saascore.ledger.schema import ddl  # noqa: PLC0415  keeps --help fast

    if dialect not in ("sqlite", "postgresql", "d1"):
        raise SaascoreError("INP-004", where="--dialect", detail="sqlite, postgresql or d1")
    typer.echo(ddl(dialect), nl=False)  # type: ignore[arg-type]


@app.command()
def keygen(
    name: Annotated[str, typer.Argument(help="The signer's name, without spaces or plus signs.")],
    out: Annotated[
        Path, typer.Option("--out", help="Where the secret key goes; made readable to you alone.")
    ],
    as_json: Json = False,
) -> None:
    """Make a key that signs checkpoints; prints the public half, which verifies them."""
    import os  # noqa: PLC0415  keeps --help fast
    import secrets  # noqa: PLC0415  keeps --help fast

    from saascore.cli.output import print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.notes import SigningKey  # noqa: PLC0415  keeps --help fast

    encoded = SigningKey.encode(name, secrets.token_bytes(32))
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SaascoreError("INP-002", where="--out", detail=type(error).__name__) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(encoded + "\n")
    verifier = SigningKey(encoded).verifier
    if as_json:
        print_json({"verifier_key": verifier})
    else:
        typer.echo(verifier)


@app.command()
def seal(
    ledger: LedgerUrl = DEFAULT_LEDGER,
    signing_key: SigningKeyFile = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Seal every committed fact under a new checkpoint, and sign it."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.notes import SigningKey  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.sealing import seal as seal_facts  # noqa: PLC0415  keeps --help fast

    key = SigningKey(_text_of(signing_key, "--signing-key")) if signing_key else None
    with open_ledger(ledger) as store, counting("facts sealed") as progress:
        made = seal_facts(store, now=clock_of(now), signing_key=key, progress=progress)
    if as_json:
        print_json({"origin": made.origin, "size": made.size, "root": f"sha256:{made.root.hex()}"})
    else:
        note(f"{made.size} facts are sealed" + ("" if key else "; the checkpoint is not signed"))


@app.command()
def checkpoint(ledger: LedgerUrl = DEFAULT_LEDGER, as_json: Json = False) -> None:
    """Print the last checkpoint as a signed note. Keep it elsewhere: it finds what is rewritten later."""
    from saascore.cli.output import print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.sealing import last_note  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        text = last_note(store)
    if text is None:
        raise SaascoreError("LED-007", where="checkpoint", detail="nothing is sealed yet")
    if as_json:
        print_json({"note": text})
    else:
        typer.echo(text, nl=False)


@app.command()
def verify(
    ledger: LedgerUrl = DEFAULT_LEDGER,
    against: Annotated[
        Path | None, typer.Option("--checkpoint", help="A checkpoint that was exported earlier.")
    ] = None,
    verifier: Verifier = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="Also compare what summaries read with the facts: slower.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Hash every fact again and compare with the seal; exit 1 at the first position that has changed."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.errors import Exit  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.derived import first_underived  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.notes import Checkpoint, note_text, verified_text  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.sealing import origin_of  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.verify import Fault  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.verify import verify as verify_facts  # noqa: PLC0415  keeps --help fast

    exported = None
    if against is not None:
        text = _text_of(against, "--checkpoint")
        exported = Checkpoint.parse(verified_text(text, verifier) if verifier else note_text(text))
    with open_ledger(ledger) as store, counting("facts verified") as progress:
        if exported is not None and exported.origin != origin_of(store):
            raise SaascoreError("LED-009", where="checkpoint", detail="it is of another ledger")
        told = verify_facts(store, against=exported, progress=progress)
        if (
            tables
            and told.fault is None
            and (position := first_underived(store, progress=progress)) is not None
        ):
            told = told._replace(fault=Fault("derived", position))
    if as_json:
        print_json({**told._asdict(), "fault": told.fault and told.fault._asdict()})
    elif told.fault is None:
        note(f"clean: {told.facts} facts, {told.sealed} under the seal, {told.checkpoints} checkpoints agree")
    else:
        note(f"LED-006 {told.fault.change} at position {told.fault.position}")
    return Exit.OK if told.fault is None else Exit.NOT_CLEAN


@app.command()
def prove(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="An event id, or a position.")],
    ledger: LedgerUrl = DEFAULT_LEDGER,
    as_json: Json = False,  # noqa: ARG001  the answer is JSON anyway
) -> None:
    """Print the proof that a fact is under the last checkpoint; anyone can check it offline."""
    from saascore.cli.output import print_json  # noqa: PLC0415  keeps --help fast
    from saascore.cli.usage_operator import need_reference  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.keys import storage_key  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.proof import prove as prove_fact  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        if event.isascii() and event.isdigit():
            position: int | None = int(event)
        else:
            need_reference(event)
            position = store.find_event(storage_key(event))
        if position is None:
            raise SaascoreError("LED-007", where="EVENT")
        print_json(prove_fact(store, position).to_json())


@app.command("verify-proof")
def check_proof(
    proof: Annotated[Path, typer.Argument(help="What prove has printed.")],
    verifier: Verifier = None,
    as_json: Json = False,
) -> None:
    """Check a proof offline, with the signer's public key."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger.proof import InclusionProof, verify_proof  # noqa: PLC0415  keeps --help fast

    checkpoint = verify_proof(InclusionProof.parse_json(_text_of(proof, "PROOF")), verifier)
    if as_json:
        print_json({"holds": True, "signed": verifier is not None, "size": checkpoint.size})
    else:
        note(f"holds: the fact is among the first {checkpoint.size} facts of {checkpoint.origin}")
        if verifier is None:
            note("the signature was not checked: name the signer's key with --verifier-key")


@app.command()
def rekey(
    files: Files,
    *,
    product: Annotated[str, typer.Option("--product", help="Whose workspaces the records name.")],
    to: Annotated[str, typer.Option("--to", help="The id of the new key.")],
    finish: Annotated[
        bool, typer.Option("--finish", help="Make new subjects with the new key from now on.")
    ] = False,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> None:
    """Note old and new reference of every workspace as one; records hold the claims that identify them."""
    from saascore.cli.inputs import read_records  # noqa: PLC0415  keeps --help fast
    from saascore.cli.keys import keys_for  # noqa: PLC0415  keeps --help fast
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.usage.rekey import rekey as rotate  # noqa: PLC0415  keeps --help fast

    claims = (record.value for name in files for record in read_records(name) if record.value is not None)
    with open_ledger(ledger) as store:
        keys = keys_for(store)
        if to not in keys:
            raise SaascoreError("KEY-003", where="--to", detail="the old and the new key, both are needed")
        done = rotate(
            store,
            find_adapters(adapter).product(product),
            keys,
            claims,
            to=to,
            finish=finish,
        )
    if as_json:
        print_json(done._asdict())
    else:
        note(f"{done.aliases} aliases appended, {done.known} known, {done.unnamed} records name no workspace")


def _text_of(path: Path, role: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SaascoreError("INP-002", where=role, detail=type(error).__name__) from None
