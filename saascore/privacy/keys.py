"""What the name of a value says about it: allowed kinds, and phrases that end a name.

A name is read as words (``stripeCustomerId``, ``stripe-customer-id`` and ``STRIPE_CUSTOMER_ID`` are the same), and
the longest phrase that *ends* it decides. Position therefore matters as it does to a reader: ``token`` ends in a
credential, ``tokens_in`` and ``token_budget`` do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from saascore.privacy.grammar import unaccented
from saascore.privacy.languages import WORDS, spaced
from saascore.privacy.layers import fold
from saascore.privacy.regex import regex
from saascore.privacy.rule import Rule, Strength, phrases

_WORD = regex(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")

# Kinds of values whose names prove them public, each with the value test of that kind (see grammar.py).
ALLOWED: dict[str, str] = {
    "count": """
        count, counts, total, totals, sum, sums, size, sizes, length, len, bytes, byte, rows, events, records, lines, files, values, limit, limits,
        max, min, maximum, minimum, quantity, quantities, qty, used, remaining, quota, budget, rate, ratio, percent, pct, average, avg,
        mean, median, duration, ms, us, ns, seconds, secs, minutes, hours, days, weeks, months, years, age, ttl, timeout, latency, width, height, depth,
        index, offset, position, line, column, col, page, seats, credits, tokens, tokens in, tokens out, token count, score, weight,
        priority, rank, attempts, attempt, retries, errors, warnings, capacity, threshold, specificity, usage, scanned, interval, step, steps,
        units, events in, events out, jobs, calls, requests, images, messages, max length, min length, multiple of, max items, min items, items total, micros, nanos,
        p50, p90, p95, p99, hits, misses, seed, random seed, duplicates, conflicts, rejected, accepted, held, skipped, unprocessed, throughput, mb, kb, gb, bits, delta, as of, sequence, seq
    """,
    "time": """
        at, time, timestamp, date, day, ts, created, updated, expires, expiry, since, until, from, start, end, on, when, datetime, unix, unix ms, unix nano, unix seconds, epoch ms, epoch seconds,
        modified, issued, iat, exp, nbf, starts, ends, hour, month, window, epoch, seen, recorded, occurred, effective, deadline, reset, not before, not after
    """,
    "label": """
        type, kind, types, kinds, status, state, states, reason, reasons, mode, basis, category, categories, rule, rules, format, lang, locale, language, currency, plan, plans,
        plan key, previous plan key, plan keys, plan label, plan name, event type, event name, event types, event names, unit, label, labels, name, names, title, model, provider, adapter,
        adapters, engine, feature, features, tier, level, role, roles, scope, tags, tag, target, target owner, package, candidate, stage,
        stages, outcome, capability, capabilities, hook, hooks, validator, validators, region, country code, country, service, collection, direction, timing,
        product, products, product key, product name, product type, price type, source, sources, source kind, distribution, distributions, operator label, key kind, key id, key ids, license, license files, licence, license identifier, license id, license expression, spdx id, spdxid,
        source row kind, group, groups, module, path type, method, pattern, ref, def, media type, content type, mime type, charset, encoding, extension, environment name, env name, password policy,
        user type, account type, account kind, customer type, token type, token kind, auth method, auth type, secret name, key name, schema key, map key, header name, cookie name, field, fields, column name, column names, required, enum, properties, namespace, primary key, sort key, partition key, foreign key, cache control
    """,
    "commit": """
        commit, commit sha, sha, sha1, parent, revises, revision id, git sha, git commit, revision, rev, head, head sha, base sha, tree, tree sha, commit hash, commit id, git ref, git revision, build commit, source commit, vcs ref, vcs revision, parents, merge commit, merge commit sha, short sha, git hash
    """,
    "digest": """
        digest, digests, sha256, sha512, checksum, checksums, integrity, fingerprint, content digest, manifest digest, rules digest, hash, content hash, file hash, sha256sum, fact id, write id, evidence, facts, preview digest, decision digest, ruleset digest, capabilities digest, root hash, tree hash, leaf hash
    """,
    "event-id": """
        event id, event ids, idempotency key, idempotency keys, run id, corrects, source event id, dedupe key, dedup key, usage event id, lifecycle event id, public event id, eventid, idempotency, message dedup id
    """,
    "version": """
        version, versions, schema, schema version, contract version, api version, ruleset version, spec version, specversion, release, tag name, python version, requires python, lockfile version, adapter version, producer, scanner, node version, build version
    """,
    "text": """
        description, note, notes, message text, comment, comments, summary, text, title text, why, how, help, expected, cure, detail, details, body text, reason text, doc, docs, docstring, readme, changelog, example, examples
    """,
    "style": """
        color, colour, fill, stroke, background, style, class, viewbox, transform, points, d, x, y, x1, x2, y1, y2, cx, cy, r, rx, ry, dx, dy, font, font size, stroke width, font family, css class, gradient, theme color
    """,
}

_ABBREVIATIONS = {
    "acct": "account", "acc": "account", "accnt": "account", "cust": "customer", "cus": "customer", "usr": "user", "subscr": "subscription", "subs": "subscription",
    "subscrip": "subscription", "org": "organization", "orgid": "organization id", "wksp": "workspace", "wkspc": "workspace", "wrkspc": "workspace", "ws": "workspace", "wsp": "workspace",
    "pmt": "payment", "txn": "transaction", "trx": "transaction", "inv": "invoice", "mbr": "member", "pwd": "password", "passwd": "password", "pw": "password",
    "tok": "token", "ident": "id", "cid": "customer id", "uid": "user id", "wid": "workspace id", "aid": "account id", "oid": "owner id",
    "custid": "customer id", "userid": "user id", "subid": "subscription id", "img": "image", "imgs": "images", "creds": "credentials",
    "sub": "subscription",
    "addr": "address", "tel": "phone", "ph": "phone", "gw": "gateway", "exec": "execution", "gen": "generated", "pred": "prediction", "src": "source",
    "auth": "auth", "mail": "email", "fname": "first name", "lname": "last name", "req": "request", "resp": "response", "cstmr": "customer", "clnt": "client", "tnt": "tenant", "tid": "tenant id",
    "identifier": "id", "uuids": "uuid", "numbers": "number", "guids": "guid", "rid": "request id", "sk": "secret key", "pk": "pk", "url": "url", "uri": "url", "link": "link", "href": "url",
} | WORDS  # fmt: skip

_TRAILERS = frozenset(
    [
        "raw",
        "value",
        "str",
        "string",
        "text",
        "old",
        "new",
        "list",
        "array",
        "orig",
        "original",
        "hash",
        "hashed",
        "map",
        "copy",
        "tmp",
        "temp",
        "prev",
        "legacy",
        "v1",
        "v2",
        "field",
        "val",
        "encoded",
        "plain",
        "cleartext",
        "internal",
        "external",
        "current",
        "live",
        "prod",
        "test",
        "real",
        "primary",
        "secondary",
        "backup",
    ]
)
_GLUED_TAILS = (
    "identifier",
    "number",
    "nummer",
    "kennung",
    "uuid",
    "guid",
    "token",
    "secret",
    "password",
    "email",
    "name",
    "key",
    "url",
    "uid",
    "ids",
    "id",
    "no",
    "customer",
    "user",
    "account",
    "workspace",
    "subscription",
    "owner",
    "actor",
)


@dataclass(frozen=True, slots=True, eq=False)
class KeyClass:
    """What a name says: an allowed kind, or a rule with its strength; neither where it says nothing.

    Args:
        allow: A key of ``ALLOWED``, or an empty text.
        rule: The rule that the name triggers, if any.
        strength: Of the rule.
        plural: Whether the name is a plural, so that an integer under it is a count.
        tally: Whether the name says that it counts ids (``distinct_user_ids``), so that even theirs is one.
        bare_id: Whether the name is only ``id`` or the like, so that the parent's name decides.
    """

    allow: str = ""
    rule: Rule | None = None
    strength: Strength = "weak"
    plural: bool = False
    tally: bool = False
    bare_id: bool = False


NO_KEY = KeyClass()
_BARE = frozenset(
    [
        "id",
        "uuid",
        "guid",
        "uid",
        "key",
        "ref",
        "reference",
        "number",
        "no",
        "num",
        "nr",
        "code",
        "value",
        "identifier",
        "login",
        "handle",
        "slug",
        "pk",
        "sid",
        "oid",
        "name",
        "email",
    ]
)

_BARE_IDS = frozenset(("id", "uuid", "guid", "uid", "ref", "pk", "number", "no"))
_LEADING = frozenset(("id", "ids", "uuid", "no", "num"))
_OF = frozenset(("of", "for", "de", "del", "di", "do", "du"))
_COUNTING = frozenset(("n", "num", "total", "max", "min", "count"))
# Words that make a plural of ids their count: distinct_customer_ids.
_TALLYING = frozenset(
    [
        "n",
        "num",
        "number",
        "total",
        "max",
        "min",
        "count",
        "distinct",
        "unique",
        "uniq",
        "null",
        "empty",
        "missing",
        "blank",
        "invalid",
        "unknown",
        "duplicate",
        "duplicated",
        "orphan",
        "orphaned",
        "unmapped",
        "unmatched",
        "matched",
        "seen",
        "new",
        "avg",
        "mean",
    ]
)
# Words that join what is counted with a condition: rows_without_user_id, accounts_with_owner_id.
_JOINING = frozenset(("with", "without", "missing", "lacking", "having"))
# Where a schema shows a value of the name above.
_SHOWN = frozenset(("example", "examples", "default", "const", "sample"))


class KeyTable:
    """Phrases with what they say, and the reading of names against them."""

    def __init__(self, denied: Mapping[str, KeyClass]) -> None:
        self._table = dict(denied)
        for allow, text in ALLOWED.items():
            self._table |= dict.fromkeys(phrases(text), KeyClass(allow=allow))
        self._read: dict[tuple[str, str], KeyClass] = {}

    def read(self, name: str, parent: str = "") -> KeyClass:
        """Say what a name means, given the name it stands under."""
        known = self._read.get((name, parent))
        if known is None:
            known = self._classify(name, parent)
            if len(self._read) > 20_000:
                self._read.clear()
            self._read[name, parent] = known
        return known

    def _classify(self, name: str, parent: str) -> KeyClass:
        words = split_words(fold(name)) if len(name) <= 128 else []
        if not words:
            return NO_KEY
        if len(words) == 1 and words[0] in _BARE and parent:
            found = self._below(split_words(parent), words[0])
            if found is not None:
                return found
        if len(words) == 1 and words[0] in _SHOWN and parent and (above := self._classify(parent, "")).rule:
            return above
        if any(joint in _JOINING and before.endswith("s") for before, joint in pairwise(words)):
            return KeyClass(allow="count", plural=True)
        found, length = self._either_order(words)
        if parent and found is not None and found.rule is not None:
            # input: {image_key: ...}: the longest phrase that ends the way to the value.
            whole, whole_length = self._suffix([*split_words(parent), *words])
            found = whole if whole_length > length else found
        last = next((word for word in reversed(words) if not word.isdigit()), "")
        plural = last.endswith("s") and not last.endswith("ss")
        bare_id = len(words) == 1 and words[0] in _BARE_IDS
        if found is None or (found.allow == "style" and length < len(words)):
            return KeyClass(plural=plural, bare_id=bare_id)
        if "per" in words[:-1] and words[0] != "per":
            return KeyClass(allow="count")
        if found.allow and words[0] in _COUNTING:
            return KeyClass(allow="count")
        tally = plural and not _TALLYING.isdisjoint(words[:-1])
        return replace(found, plural=plural, tally=tally, bare_id=bare_id and found.rule is None)

    def _either_order(self, words: list[str]) -> tuple[KeyClass | None, int]:
        """Read words whose last ones decide; also id_of_user, uuidCustomer and id_cliente, where the first one does."""
        found, length = self._suffix(words)
        if words[0] in _LEADING and (found is None or words[0].startswith("id")):
            turned = self._suffix([word for word in words[1:] if word not in _OF] + words[:1])
            found, length = turned if turned[1] > max(length, 1) else (found, length)
        return found, length

    def _below(self, above: list[str], word: str) -> KeyClass | None:
        """Read a bare ``id`` or ``key`` with the name of the object that it stands in."""
        for parent in (above, [*above[:-1], above[-1].removesuffix("s")] if above else []):
            found, length = self._suffix([*parent, word])
            if found is not None and length > 1:
                return found
        return None

    def _suffix(self, words: list[str]) -> tuple[KeyClass | None, int]:
        """Find the longest phrase that ends the words, and how many words it has."""
        for variant in _variants(words):
            for start in range(max(0, len(variant) - 5), len(variant)):
                found = self._table.get(" ".join(variant[start:]))
                if found is not None:
                    return found, len(variant) - start
        return None, 0


def split_words(name: str) -> list[str]:
    """Read a name as lower-case words, abbreviations written out, words of other languages in English."""
    if not name.isascii():
        name = unaccented(spaced(name))
    words: list[str] = []
    for word in _WORD.findall(name):
        lower = word.lower()
        words.append(lower)
    if words[-1:] == ["uid"] and len(words) > 1:
        return [part for word in words[:-1] for part in _ABBREVIATIONS.get(word, word).split()] + ["uid"]
    return [part for word in words for part in _ABBREVIATIONS.get(word, word).split()]


def _variants(words: list[str]) -> list[list[str]]:
    variants = [words]
    last = words[-1]
    stripped = last.rstrip("0123456789")
    if stripped and stripped != last:
        variants.append([*words[:-1], stripped])
    if last.isdigit() and len(words) > 1:
        variants.append(words[:-1])
    if len(words) > 1 and last in _TRAILERS:
        variants.append(words[:-1])
    if len(last) > 3 and last.endswith("s"):
        variants.append([*words[:-1], last[:-1]])
    for tail in _GLUED_TAILS:
        if last.endswith(tail) and len(last) > len(tail) + 1:
            stem = last[: -len(tail)]
            ended = _ABBREVIATIONS.get(tail, tail)
            variants.append([*words[:-1], *_ABBREVIATIONS.get(stem, stem).split(), ended])
            break
    return variants
