"""``saascore scan``: what must not be published, in files, folders, archives or standard input."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saascore.cli.options import Json

if TYPE_CHECKING:
    from saascore.privacy.findings import Finding
    from saascore.privacy.rule import Profile
    from saascore.privacy.scanner import Scanner
    from saascore.privacy.waivers import Applied

KEY_VARIABLE = "SAASCORE_FINGERPRINT_KEY"

Paths = Annotated[list[str], typer.Argument(help="Files, folders or archives; - is standard input.")]
ProfileOption = Annotated[str, typer.Option("--profile", help="artifact, docs or event.")]
Format = Annotated[str, typer.Option("--format", help="text, json, sarif or junit.")]
WaiversFile = Annotated[Path | None, typer.Option("--waivers", help="JSON file of waived findings.")]
RulesFile = Annotated[Path | None, typer.Option("--rules", help="JSON file of more rules and public words.")]
Explain = Annotated[bool, typer.Option("--explain", help="Say on standard error what passed each value.")]


def command(  # noqa: PLR0917  typer reads the options from the parameters
    paths: Paths,
    profile: ProfileOption = "artifact",
    form: Format = "text",
    waivers: WaiversFile = None,
    rules: RulesFile = None,
    explain: Explain = False,
    as_json: Json = False,
) -> int:
    """Scan for credentials, raw ids, storage keys, private addresses and everything not provably public.

    Exits with 0 where all is clean, 1 where something was found or could not be looked into.
    """
    from saascore.errors import Exit, SaascoreError  # noqa: PLC0415  keeps --help fast

    form = "json" if as_json else form
    if form not in {"text", "json", "sarif", "junit"}:
        raise SaascoreError("INP-004", where="--format", detail="text, json, sarif or junit")
    scanner = _scanner(profile, rules, explain=explain)
    answered = _waived(scanner, _scan(scanner, paths), waivers)
    _print(scanner, answered, form)
    if explain:
        _explain(scanner)
    return Exit.OK if answered.clean else Exit.NOT_CLEAN


def _scanner(profile: str, rules: Path | None, *, explain: bool) -> Scanner:
    import os  # noqa: PLC0415  the environment is read when it is needed

    from saascore.errors import SaascoreError  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.rule import PROFILES  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.rulefile import check_examples, parse  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.rules import RULES  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.ruleset import RuleSet  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.scanner import Scanner  # noqa: PLC0415  keeps --help fast

    profiles: dict[str, Profile] = {name: name for name in PROFILES}
    chosen = profiles.get(profile)
    if chosen is None:
        raise SaascoreError("INP-004", where="--profile", detail="artifact, docs or event")
    words: frozenset[str] = frozenset()
    ruleset = None
    if rules is not None:
        added = parse(_read(rules, "--rules"))
        check_examples(added.rules)
        words = added.public_words
        ruleset = RuleSet("docs" if chosen == "docs" else "artifact", (*RULES, *added.rules))
    key = os.environ.get(KEY_VARIABLE, "")
    if key and (len(key) < 64 or len(key) % 2 or not set(key) <= set("0123456789abcdefABCDEF")):
        raise SaascoreError("SCN-003")
    return Scanner(
        chosen,
        fingerprint_key=bytes.fromhex(key) if key else None,
        public_words=words,
        ruleset=ruleset,
        explain=explain,
    )


def _scan(scanner: Scanner, paths: list[str]) -> list[Finding]:
    import sys  # noqa: PLC0415  standard input is read when it is named

    findings: list[Finding] = []
    for path in paths:
        if path == "-":
            findings.extend(scanner.scan_stream(sys.stdin.buffer, "-"))
        else:
            findings.extend(scanner.scan_path(path))
    return findings


def _waived(scanner: Scanner, findings: list[Finding], file: Path | None) -> Applied:
    from datetime import UTC, datetime  # noqa: PLC0415  keeps --help fast

    from saascore.errors import SaascoreError  # noqa: PLC0415  keeps --help fast
    from saascore.privacy.waivers import apply, parse  # noqa: PLC0415  keeps --help fast

    if file is None:
        return apply(findings, (), datetime.now(UTC).date())
    if not scanner.has_fingerprint_key:
        raise SaascoreError("SCN-003")
    return apply(findings, parse(_read(file, "--waivers")), datetime.now(UTC).date())


def _print(scanner: Scanner, answered: Applied, form: str) -> None:
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast
    from saascore.privacy import reports  # noqa: PLC0415  keeps --help fast

    findings = answered.findings
    if form == "json":
        waivers = {"waived": answered.waived, "expired": answered.expired, "unused": answered.unused}
        print_json({**reports.as_json(findings, scanner.scanned), "waivers": waivers})
    elif form == "sarif":
        print_json(reports.as_sarif(findings, scanner.rules))
    elif form == "junit":
        typer.echo(reports.as_junit(findings, scanner.scanned, scanner.rules))
    elif findings:
        typer.echo(reports.as_text(findings, scanner.rules))
    told = scanner.scanned
    note(f"{len(findings)} findings in {told.files} files, {told.bytes} bytes, {told.values} values.")
    for place in answered.expired:
        note(f"Waiver {place} has expired.")
    for place in answered.unused:
        note(f"Waiver {place} covers nothing: remove it.")


def _explain(scanner: Scanner) -> None:
    for passed in scanner.passed:
        typer.echo(f"{passed.place}: passed by {passed.reason}", err=True)


def _read(path: Path, option: str) -> str:
    from saascore.errors import SaascoreError  # noqa: PLC0415  keeps --help fast

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise SaascoreError("INP-002", where=option) from None
