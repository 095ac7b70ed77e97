"""Pictures and other media, raw or encoded: never part of a summary."""

from __future__ import annotations

from saascore.privacy.rule import Key, Magic, Pattern, Rule, phrases

_WHY = "The bytes of an image or other media file."


def _magic(name: str, start: bytes, then: bytes = b"", offset: int = 0) -> Rule:
    return Rule(
        id=f"privacy.image-bytes.{name}",
        detector=Magic(start, then, offset),
        why=_WHY,
        matches=(f"{{file:{name}}}", f"{{base64-file:{name}}}"),
        passes=(f"a {name} file", "image/" + name),
    )


RULES: tuple[Rule, ...] = (
    _magic("png", b"\x89PNG\r\n\x1a\n"),
    _magic("jpeg", b"\xff\xd8\xff"),
    _magic("gif", b"GIF8", b"a", 5),
    _magic("webp", b"RIFF", b"WEBP", 8),
    _magic("wave", b"RIFF", b"WAVE", 8),
    _magic("bmp", b"BM", b"\0\0\0\0", 6),
    _magic("tiff-little", b"II*\0"),
    _magic("tiff-big", b"MM\0*"),
    _magic("ico", b"\0\0\1\0", b"\0", 5),
    _magic("iso-media", b"\0\0\0", b"ftyp", 4),
    _magic("jpeg-2000", b"\0\0\0\x0cjP  \r\n\x87\n"),
    _magic("jpeg-xl", b"\0\0\0\x0cJXL \r\n\x87\n"),
    Rule(
        id="privacy.image-bytes.jpeg-xl-stream",
        detector=Magic(b"\xff\x0a"),
        why=_WHY,
        matches=("{file:jpeg-xl-stream}", "{file:jxl}"),
        passes=("a jpeg-xl file", "image/jxl"),
    ),
    _magic("matroska", b"\x1a\x45\xdf\xa3"),
    _magic("photoshop", b"8BPS\0"),
    _magic("ogg", b"OggS\0"),
    _magic("mpeg-audio", b"ID3", b"\0", 4),
    _magic("qoi", b"qoif\0"),
    _magic("pdf", b"%PDF-"),
    Rule(
        id="privacy.image-bytes.data-uri",
        detector=Pattern(
            r"\bdata:(?:image|video|audio|font|application)/[a-z0-9.+-]{1,64}(?:;[a-z0-9=._-]{1,64}){0,4}[;,](?:base64,)?[A-Za-z0-9%+/]{8}",
            "data:",
        ),
        why=_WHY,
        matches=("data:image/png;base64,{b62:40}", "data:image/webp;charset=utf-8;base64,{b62:40}"),
        passes=("data: image counts", "data:image"),
    ),
    Rule(
        id="privacy.image-bytes.escaped",
        detector=Pattern(
            r"\\x89PNG\\r\\n\\x1a\\n\\x00\\x00|\\xff\\xd8\\xff\\x[0-9a-f]{2}\\x00|GIF8[79]a[^\s\"']{1,16}\\x00|RIFF[^\s\"']{2,16}WEBPVP8",
            "\\x",
        ),
        why=_WHY,
        matches=(r"b'\x89PNG\r\n\x1a\n\x00\x00'", r'body=b"\xff\xd8\xff\xe0\x00\x10JFIF"'),
        passes=(r'SIGNATURE = b"\x89PNG\r\n\x1a\n"', r'b"\xff\xd8\xff"', "GIF89a"),
    ),
    Rule(
        id="privacy.image-bytes.key-name",
        detector=Key(
            phrases(
                "image bytes, image data, image base64, image b64, b64 json, raw image, raw bytes, thumbnail data, thumbnail bytes, thumbnail base64, pixel data, pixels, bytes base64, file data, file bytes, image blob, bytes b64"
            )
        ),
        why="A field named for image data may hold only counts.",
        matches=('{"image_base64": "{b62:80}"}', '{"b64_json": "{b62:80}"}'),
        passes=('{"image_bytes": 51200}', '{"image_data": "[redacted]"}'),
        profiles=("artifact",),
    ),
)
