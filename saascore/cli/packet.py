"""``saascore packet``: release packets, built and verified offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saascore.cli.clock import Now, clock_of, instant_of
from saascore.cli.options import (
    DEFAULT_LEDGER,
    AdapterPaths,
    Json,
    LedgerUrl,
    ModeOption,
    command_group,
    find_adapters,
)
from saascore.errors import Exit, SaascoreError

if TYPE_CHECKING:
    from saascore.contract.window import Window
    from saascore.packet.verify import Verified

app = command_group("Release packets: build one from a ledger, verify one offline.")
DEFAULT_DAYS = 31


@app.command()
def build(
    *,
    out: Annotated[
        Path, typer.Option("--out", help="The packet's folder: new, empty, or an earlier packet.")
    ],
    ledger: LedgerUrl = DEFAULT_LEDGER,
    since: Annotated[
        str | None, typer.Option("--from", help="Start, RFC 3339; 31 days before --to by default.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="End, not included; the coming midnight by default.")
    ] = None,
    mode: ModeOption = "live",
    commit: Annotated[
        str | None,
        typer.Option(
            "--commit",
            envvar=["SAASCORE_COMMIT", "GITHUB_SHA"],
            help="The commit that is released, in full: 40 or 64 hexadecimal digits.",
        ),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Fold groups of few subjects together, for readers outside.")
    ] = False,
    minimum: Annotated[
        int, typer.Option("--minimum", min=2, help="The fewest subjects of a published group.")
    ] = 5,
    now: Now = None,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> None:
    """Write a release packet: summaries, report, privacy evidence and manifest."""
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.contract.words import CommitSha  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast
    from saascore.packet.publish import publish  # noqa: PLC0415  keeps --help fast

    clock = clock_of(now)
    window = _window(since, until, clock)
    if mode not in {"live", "test"}:
        raise SaascoreError("INP-004", where="--mode", detail="live or test")
    if commit and not _fits(CommitSha, commit):
        raise SaascoreError("INP-004", where="--commit", detail="40 or 64 hexadecimal digits in lower case")
    with open_ledger(ledger) as opened:
        packet = publish(
            opened,
            out,
            window=window,
            now=clock,
            registry=find_adapters(adapter),
            mode="test" if mode == "test" else "live",
            commit_sha=commit,
            public=public,
            minimum=minimum,
        )
    if as_json:
        print_json(packet.manifest.to_json())
        return
    note(f"{len(packet.manifest.artifacts) + 1} files, scanned and clean. Report: {out / 'report.html'}")
    typer.echo(packet.manifest.packet_digest)


@app.command()
def verify(
    *,
    folder: Annotated[Path, typer.Argument(help="The packet's folder.", show_default=False)],
    digest: Annotated[
        str | None,
        typer.Option("--digest", help="The packet digest that was kept elsewhere; it must be the same."),
    ] = None,
    as_json: Json = False,
) -> int:
    """Check every byte of a packet, its contract, its report, and scan it again. Exits with 1 on any problem."""
    from saascore.packet.publish import producer  # noqa: PLC0415  keeps --help fast
    from saascore.packet.verify import verify_packet  # noqa: PLC0415  keeps --help fast

    verified = verify_packet(folder, producer=producer(), digest=digest)
    _show(verified, as_json=as_json)
    return Exit.NOT_CLEAN if verified.problems else Exit.OK


def _show(verified: Verified, *, as_json: bool) -> None:
    from saascore.cli.output import note, print_json, print_table  # noqa: PLC0415  keeps --help fast

    manifest = verified.manifest
    if as_json:
        answer: dict[str, Any] = {
            "verified": not verified.problems,
            "packet_digest": manifest.packet_digest,
            "created_at": manifest.created_at,
            "same_producer": verified.same_producer,
            "problems": [
                {"file": problem.file, "problem": problem.kind, "detail": problem.detail}
                for problem in verified.problems
            ],
        }
        print_json(answer)
        return
    if verified.problems:
        rows = [(problem.file, problem.kind, problem.detail) for problem in verified.problems]
        print_table("The packet is not as it was built", ("file", "problem", "detail"), rows)
        return
    if not verified.same_producer:
        note("Built by another version or rule set: the report was not written again for comparison.")
    if manifest.demo_key:
        note("Made with the public demo key: its references protect nothing.")
    typer.echo(f"verified: {len(manifest.artifacts)} files and the manifest, {manifest.packet_digest}")


def _window(since: str | None, until: str | None, clock: str) -> Window:
    from datetime import timedelta  # noqa: PLC0415  keeps --help fast

    from saascore.contract.instants import parse_instant, to_datetime  # noqa: PLC0415  keeps --help fast
    from saascore.contract.window import Window  # noqa: PLC0415  keeps --help fast

    end = _instant(until, "--to") if until else _midnight_after(clock)
    start = (
        _instant(since, "--from") if since else parse_instant(to_datetime(end) - timedelta(days=DEFAULT_DAYS))
    )
    if start >= end:
        raise SaascoreError("PKT-005")
    return Window.of(start, end)


def _midnight_after(clock: str) -> str:
    from datetime import timedelta  # noqa: PLC0415  keeps --help fast

    from saascore.contract.instants import parse_instant, to_datetime  # noqa: PLC0415  keeps --help fast

    return parse_instant(to_datetime(f"{clock[:10]}T00:00:00Z") + timedelta(days=1))


def _instant(text: str, option: str) -> str:
    try:
        return instant_of(text, None, option)
    except SaascoreError as error:
        raise SaascoreError("PKT-005", where=option, detail=error.detail) from None


def _fits(word: Any, text: str) -> bool:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415  keeps --help fast

    try:
        TypeAdapter(word).validate_python(text)
    except ValidationError:
        return False
    return True
