"""Shapes: tests of a token that no pattern can say."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from saascore.contract.wordlike import excess_bits
from saascore.privacy.grammar import BUNDLE, HEX, UUID, is_opaque
from saascore.privacy.regex import regex

EMAIL = regex(
    r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}"
)
_EXAMPLE_HOSTS = regex(
    r"(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost|local)$", re.IGNORECASE
)
CARD = regex(
    r"(?<![0-9A-Za-z.+-])(?:[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,4}(?:[ -]?[0-9]{3})?|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})(?![0-9A-Za-z.])"
)
PHONE = regex(
    r"(?<![0-9A-Za-z+])\+[1-9][0-9]{0,2}[ .()-]{0,3}(?:[0-9]{1,4}[ .()-]{1,3}){1,5}[0-9]{2,6}(?![0-9A-Za-z])|(?<![0-9A-Za-z+])\+[1-9][0-9]{9,14}(?![0-9A-Za-z])|(?<![0-9A-Za-z+])\([2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}(?![0-9])"
)
IBAN = regex(r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![0-9A-Za-z])")
IPV4 = regex(r"(?<![0-9A-Za-z._-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z_-]|\.[0-9])")
IPV6 = regex(r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}:{1,2}){2,7}(?:[0-9A-Fa-f]{1,4})?(?![0-9A-Za-z:])")
_LOCAL_HOST = regex(
    r"(?:localhost|0\.0\.0\.0|127\.[0-9.]+|10\.[0-9.]+|192\.168\.[0-9.]+|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]+|169\.254\.[0-9.]+|\[?::1\]?|host\.docker\.internal|.*\.(?:local|internal|lan|corp|intranet|home|svc|localdomain|svc\.cluster\.local))",
    re.IGNORECASE,
)
LOCAL_PATH = regex(
    r"(?<![A-Za-z0-9_.~-])(?:/(?:(?:home|Users|var/folders|private/var)/|root/(?!\.))[A-Za-z0-9._-]+(?:/[^\s\"'<>|,;]*)?|[A-Za-z]:\\\\?Users\\\\?[^\s\"'<>|]+|file://[^\s\"'<>]+)"
)

_MEDIA = regex(
    r"\.(?:png|jpe?g|gif|webp|avif|heic|heif|bmp|tiff?|mp4|mov|webm|m4v|wav|mp3|m4a|flac|psd|raw|safetensors|ckpt|glb|gltf|obj|usdz)(?:\.(?:enc|tmp|bak))?$",
    re.IGNORECASE,
)
_DOCUMENT = regex(
    r"\.(?:py|pyi|md|rst|txt|json|ndjson|jsonl|ya?ml|toml|cfg|ini|html?|css|jsx?|tsx?|mjs|cjs|sql|sh|csv|tsv|xml|svg|lock|rs|go|java|rb|php|c|h|cc|cpp|ipynb|proto|graphql|env|dev|pem|whl|tf|log|wasm|d\.ts|map|typed|example|sarif|ico|woff2?)$",
    re.IGNORECASE,
)
_STORE = frozenset(
    [
        "uploads",
        "upload",
        "users",
        "user",
        "customers",
        "customer",
        "tenants",
        "tenant",
        "accounts",
        "account",
        "workspaces",
        "workspace",
        "orgs",
        "org",
        "avatars",
        "avatar",
        "originals",
        "original",
        "media",
        "attachments",
        "attachment",
        "objects",
        "blobs",
        "blob",
        "thumbnails",
        "thumbs",
        "thumb",
        "previews",
        "cache",
        "tmp",
        "temp",
        "private",
        "exports",
        "backups",
        "archive",
        "r2",
        "s3",
        "bucket",
        "buckets",
        "storage",
        "userdata",
        "u",
        "ws",
        "files",
        "assets-private",
        "members",
        "owners",
        "projects",
        "project",
        "jobs",
        "job",
        "sessions",
        "session",
        "gallery",
        "galleries",
        "photos",
        "photo",
        "pictures",
        "profile",
        "profiles",
    ]
)
_INPUT = frozenset(
    [
        "inputs",
        "input",
        "sources",
        "source",
        "provider-inputs",
        "provider_inputs",
        "init",
        "masks",
        "mask",
        "references",
        "prompts",
        "in",
        "raw",
        "originals-in",
        "inpaint",
        "input-images",
        "input_images",
        "source-images",
        "training",
        "references-in",
        "img2img",
    ]
)
_OUTPUT = frozenset(
    [
        "outputs",
        "output",
        "generated",
        "generations",
        "generation",
        "results",
        "result",
        "renders",
        "render",
        "rendered",
        "final",
        "out",
        "predictions",
        "prediction",
        "variants",
        "upscaled",
        "completed",
        "images",
        "image",
        "videos",
        "video",
        "audio",
        "artworks",
        "creations",
        "output-images",
        "output_images",
        "gen",
    ]
)
_KNOWN = _STORE | _INPUT | _OUTPUT
# Path parts that a version, date or number may be without being an id.
_PLAIN_PART = regex(r"v?[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}|20[0-9]{2}(?:-[0-9]{2}){0,2}|[a-z]{1,3}")


def luhn(text: str) -> bool:
    """Whether a text's digits carry a right Luhn check digit (ISO/IEC 7812-1)."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 3:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def iban_holds(text: str) -> bool:
    """Whether a text carries right IBAN check digits (ISO 7064 MOD 97-10)."""
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def is_personal_email(text: str) -> bool:
    """Whether a text is an e-mail address outside the domains reserved for examples (RFC 2606)."""
    found = EMAIL.fullmatch(text)
    return bool(found) and not _EXAMPLE_HOSTS.search(text.rpartition("@")[2])


def is_public_ip(text: str) -> bool:
    """Whether a text is an IP address that tells where somebody is; documentation addresses tell nothing."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    documentation = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    return not any(
        address in ipaddress.ip_network(network)
        for network in documentation
        if ("." in network) == (address.version == 4)
    )


def is_local_address(url: str) -> bool:
    """Whether a URL leads into one machine or a private network."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return url.startswith("file:") or bool(_LOCAL_HOST.fullmatch(host))


def identifies(part: str) -> bool:
    """Whether one part of a path or address reads as an identifier."""
    if len(part) < 4 or _PLAIN_PART.fullmatch(part):
        return part.isdigit() and len(part) > 4
    stem = part.split(".", maxsplit=1)[0]
    if part.isdigit() or (stem.isdigit() and len(stem) > 4):
        return True
    if UUID.search(part) or (HEX.fullmatch(stem) and len(stem) >= 12):
        return True
    digits = sum(character.isdigit() for character in stem)
    return is_opaque(part) or (digits >= 4 and excess_bits(stem) > 12)


def path_kind(token: str) -> str:
    """Say which store a path leads into: ``storage-path``, ``input-path``, ``output-path``, or an empty text."""
    parts = [part for part in token.split("/") if part and part not in {".", ".."}]
    if len(parts) < 2 or BUNDLE.fullmatch(token.lstrip("/.")):
        return ""
    lowered = [part.lower() for part in parts]
    folders = lowered[:-1]
    media = bool(_MEDIA.search(lowered[-1]))
    an_id = any(
        identifies(part) or (part.isdigit() and len(part) > 2 and not part.startswith("20")) for part in parts
    )
    document = bool(_DOCUMENT.search(lowered[-1]))
    if document and not an_id:
        return ""
    known = any(name in _KNOWN for folder in folders for name in (folder, *re.split(r"[_-]", folder)))
    named = any(
        re.fullmatch(r"[a-z][a-z_-]{2,24}", folder) and not is_opaque(folder) for folder in parts[:-1]
    )
    if not (media and known) and not (an_id and (media or known or document or (named and len(parts) > 2))):
        return ""
    for folder in folders:
        for name in (folder, *re.split(r"[_-]", folder)):
            if name in _INPUT:
                return "input-path"
            if name in _OUTPUT:
                return "output-path"
            if name in _STORE:
                return "storage-path"
    return "storage-path"
