"""How much of a token is words, and how much is information that no word carries.

Random identifiers and secrets are told from names by three facts about technical English: letters follow each other
in few ways, digits come in short runs, and the two rarely alternate. Each part of a token is charged in bits for what
it departs from that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

# Bits of surprise of a letter after another in technical English, rounded; row and column 0 are the word's edge.
# Counted over the distinct words of the documentation and source of a Python and Node installation.
_SURPRISE = (
    "945344455477545547434566788",
    "574458759596343959343667769",
    "335553689469377479447499959",
    "437563794594478289563599979",
    "246752679389677589657589979",
    "357436569799553767334867589",
    "346653379299477389455499969",
    "149783864499565589457598989",
    "337872999399667389564599959",
    "656455559998452459544959795",
    "337763699575877368847377889",
    "247762767388576679636696969",
    "338752789398488379855579949",
    "325882899398658439857599979",
    "348444638497786579843669989",
    "566547759696442559355465789",
    "439773885498388349354598959",
    "368779797999467979548167998",
    "338562769396656479544678969",
    "259583795497677558843498969",
    "348672794299678479445598959",
    "654564659599343749343999899",
    "428781979399888479868899989",
    "339763784397684389447998899",
    "256464697399667638763879469",
    "167675779599655639745877987",
    "338981798399677479767899966",
)
_INDEX = {character: position for position, character in enumerate("^abcdefghijklmnopqrstuvwxyz")}

# Words that the table alone would take for noise: acronyms and borrowed words that this field writes every day.
_KNOWN = """
html http https xhtml xml json yaml toml csv tsv sql mysql sqlite psql jwt jwks oauth url uri uuid ulid
png jpg jpeg gif webp svg gzip zlib bzip ascii argv mkdir noqa wiki quota week weekly weekday weekdays
biweekly keyboard webhook webhooks keep kept know known knows yield yields azure kafka idna howto fuzzy
weird pseudo utcnow tzdata xlarge xlsx docx websocket websockets workflow workflows pytest numpy scipy
pypi mypy npm pnpm nginx redis nodejs nextjs vuejs kubectl hmac ndjson jsonl sse grpc graphql tls ssl
ssh dns cdn cors csrf crud npmjs yarnpkg spdx sbom sdxl lora gpt llama qwen mixtral turbo flux opus haiku dall midjourney ideogram kling veo sora whisper vllm gguf ckpt unet comfy hunyuan schnell imagen is a of to in for by id on or it as at an be no if my ok up us eu
"""
KNOWN_WORDS = frozenset(_KNOWN.split())

# A word's mean surprise a letter; 0.5 % of words of eight letters are above, 6 % of random strings are below.
_WORD_MEAN = 4.8
_LETTER = 4.7
_DIGIT = 3.3
_SWITCH = 3.0

_PIECE = re.compile(r"[A-Za-z0-9]+")
_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[A-Z]|[0-9]+")
_DATE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
# mp4, h264, x86, utf8, sha256, gpt4 and 4o, 60fps, 1080p, 2xlarge: one change between letters and few digits.
_PLAIN = re.compile(r"([A-Za-z]{1,16})[0-9]{1,4}[a-z]?|[0-9]{1,4}([A-Za-z]{1,3}|xlarge)")


@lru_cache(maxsize=16_384)
def is_wordlike(letters: str) -> bool:
    """Whether a run of lower-case ASCII letters reads as technical English (or is too short to tell)."""
    return len(letters) < 4 or letters in KNOWN_WORDS or surprise(letters) <= _WORD_MEAN


def surprise(letters: str) -> float:
    """Return the mean surprise, in bits a letter, of a run of lower-case ASCII letters."""
    previous = total = 0
    for letter in letters:
        current = _INDEX[letter]
        total += int(_SURPRISE[previous][current])
        previous = current
    return (total + int(_SURPRISE[previous][0])) / (len(letters) + 1)


@lru_cache(maxsize=16_384)
def excess_bits(token: str) -> float:
    """Estimate the bits of a token that words, versions and dates do not explain.

    Args:
        token: ASCII text without spaces; separators divide it into pieces.

    Returns:
        0 for names such as ``image.generated`` or ``gpt-4o``; more than 20 for nearly every random string of eight
        characters or more.
    """
    pieces: list[str] = _PIECE.findall(token)
    return sum(map(_piece_bits, pieces))


def _piece_bits(piece: str) -> float:
    runs: list[str] = _RUN.findall(piece)
    if len(runs) == 1 and len(piece) < 5 and not (piece.isdigit() and len(piece) > 4):
        return 1.0
    if _DATE.fullmatch(piece):
        return 3.0
    if (plain := _PLAIN.fullmatch(piece)) and is_wordlike((plain[1] or plain[2]).lower()):
        return 3.0
    words = [run for run in runs if not run.isdigit()]
    bits = sum(_DIGIT * len(run) for run in runs if run.isdigit())
    # Camel case is words: each run is judged alone, and only runs too short to be words cost something.
    bits += sum(_word_bits(run.lower()) for run in words)
    digit_switches = sum(one.isdigit() != other.isdigit() for one, other in pairwise(runs))
    crumbs = sum(len(run) < 3 and run.lower() not in KNOWN_WORDS for run in words)
    return bits + _SWITCH * (digit_switches + max(0, crumbs - 1))


def _word_bits(run: str) -> float:
    if len(run) < 4:
        return 0.0 if run in KNOWN_WORDS else 1.5 * len(run)
    if is_wordlike(run):
        return 0.0
    # Four or five odd letters are as often an acronym as a part of something random.
    return (_LETTER if len(run) > 5 else 2.5) * len(run)
