"""A regular expression of the scanner is compiled when it is first used, and is then one like any other."""

import re

import pytest

from saascore.privacy.regex import regex

TEXT = "usage of 12 PAGES, and of 7"


@pytest.mark.parametrize(
    "use",
    [
        lambda one: one.match(TEXT)[0],
        lambda one: one.fullmatch("12"),
        lambda one: one.search(TEXT, 10)[0],
        lambda one: one.sub("n", TEXT),
        lambda one: one.split(TEXT),
        lambda one: one.findall(TEXT),
        lambda one: [found.span() for found in one.finditer(TEXT)],
    ],
)
def test_it_answers_as_a_compiled_one(use):
    pattern = r"[a-z]+"
    assert use(regex(pattern, re.IGNORECASE)) == use(re.compile(pattern, re.IGNORECASE))


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch):
    compiled = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given) or real(*given))
    one = regex("a+", re.ASCII)
    assert not compiled
    assert one.match("aab")[0] == one.search("aab")[0] == "aa"
    assert compiled == [("a+", re.ASCII)]


def test_what_it_has_not_is_no_method():
    with pytest.raises(AttributeError):
        _ = regex("a").scanner
