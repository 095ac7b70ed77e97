"""Keys of stored objects: whose file it is, and where."""

from __future__ import annotations

from saascore.privacy.rule import Key, Pattern, Rule, Shape, phrases

_NAMES = """
storage key, storage path, object key, object path, object name, s3 key, r2 key, gcs key, blob key, blob path,
blob name, bucket key, bucket path, file key, file path, filepath, asset key, asset path, media key, media path,
upload key, upload path, image path, original key, thumbnail key, thumbnail url, thumbnail, thumb key, avatar key, attachment key,
storage object, storage uri, storage location, s3 uri, r2 object, r2 path, s3 path, s3 object, bucket object,
bucket, bucket name, s3 bucket, r2 bucket, cache path, backup key, archive key, export key, avatar path, file name,
filename, original filename, original name, upload name, key prefix, object prefix, etag
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.storage-key.key-name",
        detector=Key(phrases(_NAMES)),
        why="A field named for a stored object may hold only [redacted] or a reference.",
        matches=('{"storage_key": "uploads/{b62:8}/cat.png"}', '{"r2Key": "{b62:20}"}'),
        passes=('{"storage_key": "[redacted]"}', '{"storage_keys": 3}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.storage-key.path",
        detector=Shape("storage-path"),
        why="A path into a store: a folder such as uploads/ or users/, an id among its parts, or a media file.",
        matches=("uploads/{b62:10}/cat.png", "users/{digits:5}/avatar.webp"),
        passes=("docs/privacy.md", "fixtures/usage-event-ledger.core-fixture.json"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.storage-key.bucket-address",
        detector=Pattern(
            r"\b(?:s3a?|gs|r2|az|abfss?|wasbs?|b2|oss|cos|swift|minio|hdfs|supabase-storage)://[A-Za-z0-9._-]{2,}[^\s\"'<>]{0,512}",
            "://",
        ),
        why="The address of a stored object.",
        matches=("s3://media-prod/users/{digits:4}/a.png", "r2://renders/{uuid}.webp"),
        passes=("https://example.com/docs", "s3:// is a scheme"),
    ),
    Rule(
        id="privacy.storage-key.bucket-object",
        provider="AWS",
        detector=Pattern(r"\barn:aws[a-z-]{0,8}:s3:[a-z0-9-]{0,24}:[0-9]{0,12}:[^\s\"'<>]{3,512}", "arn:aws"),
        why="A bucket or an object in it by its Amazon resource name.",
        matches=("arn:aws:s3:::studio-prod/exports/{b62:16}.json", "deny arn:aws:s3:::uploads/{uuid}"),
        passes=("arn:aws:s3", "arn:aws:s3:::*"),
    ),
)
