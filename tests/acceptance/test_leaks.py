"""No raw value that went in comes out: not in the ledger's bytes, a packet, an outcome, or on the terminal."""


def test_the_hunt_can_succeed(raw_values, find_raw, samples):
    assert len(raw_values) > 1000
    assert sorted(find_raw({path.name: path.read_bytes() for path in samples.glob("*-rows.ndjson")})) == [
        "chat-desk-rows.ndjson",
        "image-studio-rows.ndjson",
    ]
    for value in sorted(raw_values)[::100]:
        assert find_raw({"page": f"<td>{value.upper()}</td>".encode()}) == ["page"]


def test_nothing_raw_is_in_anything_that_came_out(story, find_raw):
    artifacts = story.artifacts()
    assert any(name.startswith("saascore.db") for name in artifacts)
    assert {"image-studio.outcomes.ndjson", "packet/manifest.json"} <= artifacts.keys()
    assert find_raw(artifacts) == []
