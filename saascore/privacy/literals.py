"""Dictionaries as programs write them, in Python, JavaScript, Ruby and PHP, read as the JSON that they stand for."""

from __future__ import annotations

import json
import re

from saascore.privacy.grammar import is_plain_name
from saascore.privacy.jsontext import decode
from saascore.privacy.regex import regex

MAX_LITERAL = 1 << 20
_PIECE = regex(
    r"\s+|[bru]?'(?P<single>(?:[^'\\]|\\.)*)'|[bru]?\"(?P<double>(?:[^\"\\]|\\.)*)\"|(?P<arrow>=>)|(?P<bracket>[{\[\]}])"
    # :id is a symbol of Ruby, unless what stands before the colon is its name.
    r"|(?:(?<![A-Za-z0-9_$\"']):)?(?P<word>[A-Za-z_$][A-Za-z0-9_.]{0,127})(?=\s{0,8}(?P<named>:(?!:)|=>)?)|(?P<mark>[:,])"
    r"|(?P<number>-?[0-9][0-9_]{0,40}(?:\.[0-9]{1,30})?)(?![A-Za-z0-9_.])"
)
_ESCAPED = regex(r"\\([^A-Za-z0-9]|[ntr])")  # the others are undone as a layer of the value
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_WORDS = {"true": "true", "false": "false"}


def decode_literal(text: str) -> object:
    """Decode a dictionary or list of a program; what it computes is read as null.

    Raises:
        ValueError: It is none.
        RecursionError: Nested too deeply.
    """
    if len(text) > MAX_LITERAL:
        raise ValueError("too long for the literal of a program")
    return decode(_as_json(text))


def decode_either(text: str) -> object:
    """Decode JSON, or a dictionary or list of a program.

    Raises:
        ValueError: Neither of them.
        RecursionError: Nested too deeply.
    """
    try:
        return decode(text)
    except ValueError:
        return decode_literal(text)


def _as_json(text: str) -> str:
    """Write a program's literal as JSON; PHP's arrays with names are objects.

    Raises:
        ValueError: It is none.
    """
    out: list[str] = []
    opened: list[int] = []
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if not found:
            raise ValueError("neither JSON nor the literal of a program")
        at = found.end()
        bracket = found["bracket"]
        if found["arrow"]:
            if opened:
                out[opened[-1]] = "{"
            out.append(":")
        elif bracket and bracket in "{[":
            opened.append(len(out))
            out.append(bracket)
        elif bracket:
            _close(out, opened)
            if not opened and text[at:].strip():
                raise ValueError("more than one literal")
        elif not found[0].isspace():
            out.append(_leaf(found))
    return "".join(out)


def _close(out: list[str], opened: list[int]) -> None:
    if not opened:
        raise ValueError("a bracket closes nothing")
    if out[-1] == ",":
        out.pop()
    out.append("}" if out[opened.pop()] == "{" else "]")


def _leaf(found: re.Match[str]) -> str:
    """Write a name, a string, a number or what a program would compute."""
    if found["word"]:
        word = found["word"]
        computed = not found["named"] and is_plain_name(word)
        return _WORDS.get(word.lower(), "null") if computed else json.dumps(word)
    quoted = found["single"] if found["double"] is None else found["double"]
    if quoted is not None:
        return json.dumps(_ESCAPED.sub(_unescaped, quoted))
    return found["mark"] or found["number"].replace("_", "")


def _unescaped(found: re.Match[str]) -> str:
    return _CONTROLS.get(found[1], found[1])
