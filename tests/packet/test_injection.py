"""Markup through any label: the grammar refuses it, and what is forced past the grammar is still only text."""

import json

import pytest
from markdown_it import MarkdownIt

from saascore.contract.model import Contract
from saascore.errors import SaascoreError
from saascore.packet.markdown import escaped, render_markdown
from saascore.packet.page import render_page
from saascore.packet.sections import document

MARK = "marker"
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "]]><svg onload=alert(1)>",
    "</title></style></svg><b>x",
    "--><!--x",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "![x](https://example.test/x.png)",
    "<https://example.test>",
    "https://example.test",
    "| a | b |\n| --- | --- |",
    "\n# heading\n\n- item\n\n```\ncode\n```\n",
    "`code` **bold** __x__ ~~s~~ $m$ @who",
    "{{ 7*7 }} ${7*7} %s {0}",
    "\u202e\u0000\ufeff",
)


@pytest.fixture(scope="module")
def marked(make_summaries):
    """Summaries with the mark as every label that the contract lets them hold."""
    source = {"source": MARK, "counts": {"accepted": 3}, "reasons": {MARK: 2}, "lag": {"over-7d": 3}}
    tally = {MARK: 2}
    ops = dict.fromkeys(
        ("plans", "source_kinds", "decision_reasons", "unmapped_event_types", "decisions"), tally
    )
    made = make_summaries(
        1, usage_intake=(source,), billing_intake=(source,), usage_events=tally,
        complete_through=({"source": MARK},), **ops,
    )  # fmt: skip
    group = {
        **made.usage.groups[0].to_json(), "event_type": MARK, "plan_key": MARK, "unit": MARK, "dimensions": {MARK: MARK},
    }  # fmt: skip
    rest = {"unit": MARK, "groups": 2, "totals": group["totals"]}
    spec = {**made.usage.spec.to_json(), "dimensions": [MARK], "source": MARK}
    usage = {"spec": spec, "groups": [group, {**group, "event_type": "other"}], "overflow": [rest]}
    usage |= {"suppressed": [rest], "complete_through": [{"source": MARK}]}
    audit = dict.fromkeys(("actor_kinds", "source_kinds", "reasons"), tally)
    audit["operators"] = [{"operator": f"op:{MARK}", "count": 2}]
    evidence = {
        "excluded": [MARK],
        "artifacts": [{**made.evidence.artifacts[0].to_json(), "name": f"{MARK}.json"}],
    }
    return type(made)(
        ops=made.ops,
        audit=type(made.audit).parse(made.audit.to_json() | audit),
        usage=type(made.usage).parse(made.usage.to_json() | usage),
        evidence=type(made.evidence).parse(made.evidence.to_json() | evidence),
    )


def places(value, path=()):
    """Yield where the mark stands in a JSON value: a path, and whether it is a key there."""
    if isinstance(value, dict):
        for key, child in value.items():
            if MARK in key:
                yield (*path, key), True
            yield from places(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from places(child, (*path, index))
    elif isinstance(value, str) and MARK in value:
        yield path, False


def planted(value, path, attack, *, key):
    copy = json.loads(json.dumps(value))
    place = copy
    for part in path[:-1]:
        place = place[part]
    if key:
        place[attack] = place.pop(path[-1])
    else:
        place[path[-1]] = place[path[-1]].replace(MARK, attack)
    return copy


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", ["ops", "audit", "usage", "evidence"])
def test_the_grammar_refuses_it_wherever_a_label_stands(marked, name, attack):
    summary = getattr(marked, name)
    found = list(places(summary.to_json()))
    assert len(found) >= {"ops": 10, "audit": 4, "usage": 10, "evidence": 2}[name]
    for path, key in found:
        hostile = planted(summary.to_json(), path, attack, key=key)
        with pytest.raises(SaascoreError, match="CON-001") as caught:
            type(summary).parse(hostile)
        assert attack not in str(caught.value)


def forced(value, attack):
    """Put text into models past every validator."""
    if isinstance(value, Contract):
        fields = {name: forced(child, attack) for name, child in value.__dict__.items()}
        return type(value).model_construct(**fields)
    if isinstance(value, dict):
        return {forced(key, attack): forced(child, attack) for key, child in value.items()}
    if isinstance(value, tuple):
        return tuple(forced(child, attack) for child in value)
    return value.replace(MARK, attack) if isinstance(value, str) else value


def hostile(marked, attack):
    names = ("ops", "audit", "usage", "evidence")
    return document(type(marked)(**{name: forced(getattr(marked, name), attack) for name in names}))


@pytest.mark.parametrize("attack", ATTACKS)
def test_forced_past_the_grammar_it_stays_text_in_html(read, marked, attack):
    def shape(page):
        return [(name, sorted(attributes)) for name, attributes in page.tags]

    html = render_page(hostile(marked, attack))
    assert html.count(MARK) == 0
    assert shape(read(html)) == shape(read(render_page(hostile(marked, "plain"))))


@pytest.mark.parametrize("attack", ATTACKS)
def test_forced_past_the_grammar_it_stays_text_in_markdown(read, marked, attack):
    def shape(text):
        html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
        return [(name, attributes.get("href")) for name, attributes in read(html).tags]

    assert shape(render_markdown(hostile(marked, attack))) == shape(render_markdown(hostile(marked, "plain")))


@pytest.mark.parametrize(
    ("bare", "text"),
    [
        ("https://example.test", r"https\://example.test"),
        ("see WWW.example.test", r"see WWW\.example.test"),
        ("mailto:x", r"mailto\:x"),
        ("awww.b 18:00", "awww.b 18:00"),
    ],
)
def test_bare_text_is_no_link_on_github(bare, text):
    assert escaped(bare) == text
