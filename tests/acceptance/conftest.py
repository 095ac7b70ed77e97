"""The whole product, run as a user runs it: the installed command in a process, in a folder of its own."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "fixtures" / "samples"
NOW = "2026-11-20T18:00:00Z"
COMMAND = Path(sys.executable).with_name("saascore")


@dataclass
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """A folder, an environment with a reference key, and the saascore command."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *args: object, stdin: str = "", expect: int | None = 0) -> Answer:
        done = subprocess.run(
            [COMMAND, *map(str, args)],
            cwd=self.folder,
            env=os.environ | self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        answer = Answer(done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in answer.err, answer.err
        if expect is not None:
            assert answer.code == expect, f"{args[:2]}: {answer.code}\n{answer.out}\n{answer.err}"
        return answer


def new_shell(folder: Path) -> Shell:
    return Shell(
        folder,
        {
            "SAASCORE_REFERENCE_KEYS": f"k1:{os.urandom(32).hex()}",
            "IMAGE_STUDIO_D1": str(SAMPLES / "image-studio.sql"),
            "COLUMNS": "160",
            "NO_COLOR": "1",
        },
    )


@pytest.fixture(scope="session")
def make_shell() -> Callable[[Path], Shell]:
    """Return what makes a shell of a folder."""
    return new_shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder, with a reference key made for this test."""
    return new_shell(tmp_path)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample inputs."""
    return SAMPLES


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Shell, str, str], None]:
    """Install a one-module distribution for a shell's commands only, as its entry point says."""

    def installed(shell: Shell, adapter: str, source: str) -> None:
        site = tmp_path_factory.mktemp("site")
        module = f"{adapter.replace('-', '_')}_adapter"
        (site / f"{module}.py").write_text(source, encoding="utf-8")
        info = site / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[saascore.adapters]\n{adapter} = {module}\n")
        path = shell.environment.get("PYTHONPATH")
        shell.environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(site), path)))

    return installed


RANDOM = re.compile(r"(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{12,}")
LONG_NUMBER = re.compile(r"[0-9]{12,}")


def leaves(value: Any) -> Iterator[str]:
    """Every text of a JSON value, and of JSON inside its texts."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        if value.startswith(("{", "[")):
            try:
                yield from leaves(json.loads(value))
            except ValueError:
                yield value
        else:
            yield value


def raw_parts(text: str) -> set[str]:
    """What must not be found again: a text that holds a random run, each run, and free text or an address."""
    runs = set(RANDOM.findall(text)) | set(LONG_NUMBER.findall(text))
    if runs or "@" in text or "://" in text or text.count(" ") > 3:
        runs.add(text)
    return {run for run in runs if len(run) >= 12}


@pytest.fixture(scope="session")
def raw_values() -> set[str]:
    """Every raw value of the sample inputs that has twelve random characters or more, in lower case."""
    found: set[str] = set()
    for path in SAMPLES.glob("*.ndjson"):
        if "aggregates" in path.name:
            continue  # ready counts hold labels only
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                texts = list(leaves(json.loads(line)))
            except ValueError:
                texts = [line]
            for text in texts:
                found |= raw_parts(text)
    for text in re.findall(r"'((?:[^']|'')*)'", (SAMPLES / "image-studio.sql").read_text(encoding="utf-8")):
        for leaf in leaves(text):
            found |= raw_parts(leaf)
    return {value.lower() for value in found}


@pytest.fixture(scope="session")
def find_raw(raw_values: set[str]) -> Callable[[dict[str, bytes]], list[str]]:
    """Return a function that names the artifacts in which a raw value occurs (never the value)."""
    # Every value shares a twelve character window with the text it occurs in: look those up, then confirm.
    windows: dict[bytes, list[bytes]] = {}
    for value in raw_values:
        encoded = value.encode()
        windows.setdefault(encoded[:12], []).append(encoded)

    def find(artifacts: dict[str, bytes]) -> list[str]:
        guilty = []
        for name, content in artifacts.items():
            text = content.lower()
            for start in range(len(text) - 11):
                whole = windows.get(text[start : start + 12])
                if whole and any(text.startswith(value, start) for value in whole):
                    guilty.append(name)
                    break
        return guilty

    return find


PRODUCTS = {"image-studio": "", "chat-desk": ".chat-desk"}
PROVIDERS = {
    "stripe": "stripe-webhooks",
    "paddle": "paddle-webhooks",
    "lemonsqueezy": "lemonsqueezy-webhooks",
    "manual": "manual-actions",
}
PERIOD = ("--from", "2026-10-21T00:00:00Z", "--to", NOW)


@dataclass
class Story:
    """What the commands of the story answered, by name, and the shell in whose folder they wrote."""

    shell: Shell
    answers: dict[str, Answer] = field(default_factory=dict)

    def run(self, name: str, *args: object) -> None:
        self.answers[name] = self.shell(*args)

    def tell(self) -> None:
        """Hand everything in; ask for summaries and a packet."""
        self.run("init", "ledger", "init")
        for product in PRODUCTS:
            self.run(
                f"submit {product}",
                *("usage", "submit", "--product", product, "--now", NOW, "--json"),
                *("--outcomes", f"{product}.outcomes.ndjson", SAMPLES / f"{product}-rows.ndjson"),
            )
        for product, suffix in PRODUCTS.items():
            for provider, name in PROVIDERS.items():
                self.run(
                    f"bill {provider} {product}",
                    *("billing", "submit", "--provider", provider, "--product", product, "--mode", "live"),
                    *("--now", NOW, "--json", "--outcomes", f"{provider}.{product}.outcomes.ndjson"),
                    SAMPLES / f"{name}{suffix}.ndjson",
                )
        audit = ("--operator", "op:release", "--approval", "op:finance", "--reason", "first-extraction")
        past = ("--from", "2026-09-20", "--to", "2026-10-20", *audit, "--out", "preview.json")
        self.run("preview", "usage", "backfill", "preview", "--product", "image-studio", *past, "--json")
        self.run(
            *("apply", "usage", "backfill", "apply", "--product", "image-studio", "--now", NOW, "--json"),
            "preview.json",
        )
        counts = SAMPLES / "chat-desk-aggregates.ndjson"
        self.run("reconcile", "usage", "reconcile", "--source", "chat-desk", "--aggregates", counts, "--json")
        self.run("summary", "usage", "summary", *PERIOD, "--by", "plan,event_type,day", "--json")
        self.run("public summary", "usage", "summary", *PERIOD, "--by", "plan", "--public", "--json")
        self.run("packet", "packet", "build", "--out", "packet", "--now", NOW)
        self.run("verify", "packet", "verify", "packet", "--json")

    def artifacts(self) -> dict[str, bytes]:
        """Every byte that came out: both streams of every answer, and every file."""
        streams = {
            f"{name}: {stream}": getattr(answer, stream).encode()
            for name, answer in self.answers.items()
            for stream in ("out", "err")
        }
        files = (path for path in self.shell.folder.rglob("*") if path.is_file())
        return streams | {str(path.relative_to(self.shell.folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story of the sample inputs, told once for all test processes. Nobody writes in its folder."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "story"
    told = shared.with_name("story-told")
    story = Story(new_shell(shared))
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(600):
            if told.exists():
                break
            time.sleep(0.2)
        kept = json.loads(told.read_text(encoding="utf-8"))
        assert kept, "the story could not be told; another test process says why"
        answers, story.shell.environment = kept
        story.answers = {name: Answer(**answer) for name, answer in answers.items()}
        return story
    kept = None
    try:
        story.tell()
        kept = [{name: vars(answer) for name, answer in story.answers.items()}, story.shell.environment]
    finally:
        unfinished = told.with_suffix(".part")
        unfinished.write_text(json.dumps(kept), encoding="utf-8")
        unfinished.rename(told)
    return story
