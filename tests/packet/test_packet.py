"""A packet accounts for every byte in it, and holds nothing that must not be published."""

import errno
import json
import re
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saascore.contract.evidence import PacketManifest
from saascore.contract.outcomes import AdapterOrigin
from saascore.errors import SaascoreError
from saascore.packet.artifacts import file_digest
from saascore.packet.build import build_packet, packet_files
from saascore.packet.verify import verify_packet

VERSION = "0.1.0"


def arguments(summaries):
    return {
        "ops": summaries.ops,
        "audit": summaries.audit,
        "usage": summaries.usage,
        "adapters": [AdapterOrigin(adapter="alpha", distribution="saascore-alpha", version="1.2.0")],
        "producer": VERSION,
        "commit_sha": "0123456789abcdef0123456789abcdef01234567",
    }


@pytest.fixture
def packet(make_summaries, tmp_path):
    return build_packet(tmp_path / "packet", **arguments(make_summaries(20)))


@pytest.fixture(scope="module")
def kept(make_summaries, tmp_path_factory):
    """One packet for the tests that change a copy of it in memory only."""
    return build_packet(tmp_path_factory.mktemp("kept") / "packet", **arguments(make_summaries(20))).folder


def faults(folder):
    """Return what is wrong, be it one word: that there is no manifest any more."""
    try:
        return verify_packet(folder, producer=VERSION).problems
    except SaascoreError as error:
        return [error.code] if error.code == "PKT-004" else []


def kinds(folder, **more):
    return {
        (problem.file, problem.kind) for problem in verify_packet(folder, producer=VERSION, **more).problems
    }


def test_a_packet_verifies(packet):
    verified = verify_packet(packet.folder, producer=VERSION)
    assert verified.problems == ()
    assert verified.same_producer
    assert verified.manifest == packet.manifest


def test_the_manifest_names_every_other_file(packet):
    names = {path.name for path in packet.folder.iterdir()}
    assert {file.name for file in packet.manifest.artifacts} == names - {"manifest.json"}
    assert {"report.html", "report.md", "ops-summary.json", "privacy-evidence.json"} <= names


def test_digests_are_those_of_sha256sum(packet):
    import hashlib

    for file in packet.manifest.artifacts:
        data = (packet.folder / file.name).read_bytes()
        assert file.digest == "sha256:" + hashlib.sha256(data).hexdigest()


def test_the_evidence_counts_every_data_artifact_without_a_finding(packet):
    evidence = json.loads((packet.folder / "privacy-evidence.json").read_text(encoding="utf-8"))
    assert [artifact["name"] for artifact in evidence["artifacts"]] == [
        "audit-summary.json",
        "ops-summary.json",
        "usage-summary.json",
    ]
    assert all(artifact["findings"] == 0 and artifact["values"] > 10 for artifact in evidence["artifacts"])
    assert {"bearer-token", "storage-key", "raw-customer-id", "image-bytes"} <= set(evidence["excluded"])
    assert "sha256" not in (packet.folder / "report.html").read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_packet(make_summaries):
    assert packet_files(**arguments(make_summaries(9))) == packet_files(**arguments(make_summaries(9)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_found(kept, tmp_path_factory, data):
    """Flip, cut, repeat or insert one byte anywhere in any file, the manifest included."""
    copy = shutil.copytree(kept, tmp_path_factory.mktemp("copy") / "packet")
    name = data.draw(st.sampled_from(sorted(path.name for path in copy.iterdir())))
    raw = (copy / name).read_bytes()
    place = data.draw(st.integers(0, len(raw) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = {
        "flip": raw[:place] + bytes([raw[place] ^ (1 << bit)]) + raw[place + 1 :],
        "cut": raw[:place],
        "insert": raw[:place] + b" " + raw[place:],
        "append": raw + b"\n",
    }[data.draw(st.sampled_from(("flip", "cut", "insert", "append")))]
    (copy / name).write_bytes(changed)
    assert faults(copy)


def test_a_missing_an_added_and_a_linked_file_are_found(packet):
    (packet.folder / "report.md").unlink()
    (packet.folder / "note.txt").write_text("hello", encoding="utf-8")
    (packet.folder / ".hidden").write_text("hello", encoding="utf-8")
    page = packet.folder / "report.html"
    page.rename(packet.folder.parent / "elsewhere.html")
    page.symlink_to(packet.folder.parent / "elsewhere.html")
    assert kinds(packet.folder) == {
        ("report.md", "missing"),
        ("note.txt", "added"),
        ("(a name no artifact has)", "added"),
        ("report.html", "not-a-plain-file"),
    }


def test_who_rewrites_the_manifest_too_meets_the_scanner(packet):
    """Digests that fit again do not help: everything is scanned once more."""
    secret = "sk_" + "live_" + "A7f3Kq9Zx1Wv5Tn8Rb2Lm4Yp"
    ops = packet.folder / "ops-summary.json"
    value = json.loads(ops.read_text(encoding="utf-8"))
    value["unmapped_event_types"] = {secret.replace("_", "."): 1}
    resealed(packet, "ops-summary.json", value)
    problems = verify_packet(packet.folder, producer=VERSION).problems
    assert ("ops-summary.json", "finding") in {(problem.file, problem.kind) for problem in problems}
    assert secret[8:] not in repr(problems)


def test_who_rewrites_the_manifest_too_meets_the_report(packet):
    value = json.loads((packet.folder / "ops-summary.json").read_text(encoding="utf-8"))
    value["held"] = 77
    resealed(packet, "ops-summary.json", value)
    assert kinds(packet.folder) == {
        ("ops-summary.json", "evidence-differs"),
        ("report.html", "report-differs"),
        ("report.md", "report-differs"),
    }


def test_a_packet_kept_elsewhere_by_its_digest_is_the_same_one(packet):
    assert kinds(packet.folder, digest=packet.manifest.packet_digest) == set()
    assert kinds(packet.folder, digest="sha256:" + "1" * 64) == {("manifest.json", "other-packet")}


def resealed(packet, name, value):
    data = (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
    (packet.folder / name).write_bytes(data)
    old = packet.manifest.model_dump()
    files = [
        {**file, "digest": file_digest(data), "bytes": len(data)} if file["name"] == name else file
        for file in old["artifacts"]
    ]
    fields = {key: item for key, item in old.items() if key not in {"schema_", "schema", "packet_digest"}}
    manifest = PacketManifest.seal(**{**fields, "artifacts": tuple(files)})
    text = json.dumps(manifest.to_json(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (packet.folder / "manifest.json").write_text(text, encoding="utf-8")


def test_another_producer_is_said_and_its_report_not_compared(packet):
    verified = verify_packet(packet.folder, producer="9.9.9")
    assert verified.problems == ()
    assert not verified.same_producer


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: None, "there is no such folder"),
        (lambda folder: folder.write_text("a file"), "it is a file"),
        (lambda folder: folder.mkdir(), "the folder holds no manifest.json"),
        (lambda folder: (folder / "manifest.json").mkdir(parents=True), "cannot be read: is a directory"),
    ],
)
def test_why_there_is_no_packet_is_said(tmp_path, make, said):
    make(tmp_path / "packet")
    with pytest.raises(SaascoreError, match="PKT-004") as caught:
        verify_packet(tmp_path / "packet", producer=VERSION)
    assert said in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda raw: raw[:-9], r"[\d,]+ bytes instead of [\d,]+"),
        (lambda raw: raw + b" ", r"[\d,]+ bytes instead of [\d,]+"),
        (lambda raw: raw[:40] + b"#" + raw[41:], "the same size and another digest"),
    ],
)
def test_how_a_file_was_changed_is_said(packet, change, detail):
    page = packet.folder / "report.html"
    page.write_bytes(change(page.read_bytes()))
    (problem,) = verify_packet(packet.folder, producer=VERSION).problems
    assert (problem.file, problem.kind) == ("report.html", "changed")
    assert re.fullmatch(detail, problem.detail)


def test_a_file_that_cannot_be_read_is_a_problem(packet, monkeypatch):
    """The tests may run as root, who may read everything: the refusal is played."""
    real = Path.read_bytes

    def refuse(path):
        if path.name == "report.md":
            raise PermissionError(errno.EACCES, "denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = verify_packet(packet.folder, producer=VERSION).problems
    assert (problem.file, problem.kind, problem.detail) == ("report.md", "unreadable", "permission denied")


def test_a_manifest_that_was_edited_is_said(packet):
    manifest = packet.folder / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"1.2.0"', '"1.2.1"'), encoding="utf-8")
    assert kinds(packet.folder) == {("manifest.json", "manifest-changed")}


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\xfe", b"[1]", b'{"schema": "other"}'])
def test_what_is_no_packet_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(SaascoreError, match="PKT-004"):
        verify_packet(tmp_path, producer=VERSION)


def test_a_finding_refuses_the_packet_and_names_rule_and_place_alone(make_summaries, tmp_path):
    raw = "sub." + "1Qx0" + "Zk3vN8pL2mT7wRd4YhFs"
    summaries = make_summaries(3, unmapped_event_types={raw: 1})
    with pytest.raises(SaascoreError, match="PKT-003") as caught:
        build_packet(tmp_path / "packet", **arguments(summaries))
    assert caught.value.exit_code == 1
    assert "ops-summary.json" in caught.value.where
    assert "privacy." in caught.value.detail
    assert raw[4:] not in str(caught.value)
    assert not (tmp_path / "packet").exists()
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_packet_is_replaced_as_a_whole(make_summaries, packet):
    again = build_packet(packet.folder, **arguments(make_summaries(5)))
    assert again.manifest.packet_digest != packet.manifest.packet_digest
    assert kinds(packet.folder) == set()


@pytest.mark.parametrize("name", ["report.html", "letter.txt", "manifest.json"])
def test_other_peoples_files_are_never_removed(make_summaries, tmp_path, name):
    (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(SaascoreError, match="PKT-002"):
        build_packet(tmp_path, **arguments(make_summaries(1)))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_files_beside_an_earlier_packet_keep_it(make_summaries, packet):
    (packet.folder / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SaascoreError, match="PKT-002"):
        build_packet(packet.folder, **arguments(make_summaries(1)))
    assert (packet.folder / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_in_place_of_the_folder_is_refused(make_summaries, tmp_path):
    (tmp_path / "packet").write_text("a file", encoding="utf-8")
    with pytest.raises(SaascoreError, match="PKT-002"):
        build_packet(tmp_path / "packet", **arguments(make_summaries(1)))


def test_a_folder_that_cannot_be_made_is_said(make_summaries, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(SaascoreError, match="PKT-001"):
        build_packet(tmp_path / "file" / "packet", **arguments(make_summaries(1)))


def test_the_folder_has_the_usual_permissions(packet):
    assert stat.S_IMODE(packet.folder.stat().st_mode) & 0o500 == 0o500
