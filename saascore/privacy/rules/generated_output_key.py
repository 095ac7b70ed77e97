"""What a model provider made: output files and their keys."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule, Shape, Url, phrases

_NAMES = """
output key, output path, output file, output image, output image key, output url, output image url, output object, output keys, output images,
output urls, generated key, generated path, generated file, generated image, generated image key, generated image url,
generated output, generated output key, generated url, generated asset, result key, result path, result file, result image, result url, result image url,
result image key, render key, render path, rendered key, rendered image, final image, final image key, artifact key, artifact path,
output asset, output asset key, output file key, output file id, output blob, output media, generation key, image key, image keys, image url, image urls,
images, image, video url, audio url, video key, audio key, completion key, upscaled key, upscaled image, preview key, preview image, preview url,
completion text, generated text, output text, raw output, output payload, model output, response body, output video, output audio, variant key,
output s3 key, output r2 key, output storage key, output object key, out key, generation output, output location, result location
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.generated-output-key.key-name",
        detector=Key(phrases(_NAMES)),
        why="A field named for generated output may hold only [redacted] or a reference.",
        matches=('{"output_key": "{b62:16}"}', '{"generatedImageKey": "out/{b62:12}.png"}'),
        passes=('{"output_key": "[redacted]"}', '{"output_keys": 2}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.generated-output-key.path",
        detector=Shape("output-path"),
        why="A path into a store of generated outputs.",
        matches=("outputs/{b62:10}/result.png", "generated/{uuid}.webp"),
        passes=("docs/outputs.md", "saascore/packet/generated.py"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.generated-output-key.media-name",
        detector=Key(
            phrases(
                "image, images, video, videos, audio, output, outputs, result, results, artifact, render, asset"
            ),
            "hint",
        ),
        why="The field names what was made, and the value looks like a key or an address of it.",
        matches=('{"image": "{b62:30}"}', '{"output": "{uuid}"}'),
        passes=('{"image": "python:3.11-slim"}', '{"result": "passed"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.generated-output-key.delivery",
        provider="Replicate, fal, OpenAI, Midjourney",
        detector=Url(
            hosts=(
                "replicate.delivery",
                ".replicate.delivery",
                "fal.media",
                ".fal.media",
                "oaidalleapiprodscus.blob.core.windows.net",
                "files.oaiusercontent.com",
                "cdn.midjourney.com",
                "cdn.leonardo.ai",
                "im.runware.ai",
                "image.pollinations.ai",
            ),
            paths=("/",),
        ),
        why="The address of a generated file at the provider that made it.",
        matches=(
            "https://replicate.delivery/pbxt/{b62:40}/out.png",
            "https://v3.fal.media/files/lion/{b62:22}.jpeg",
        ),
        passes=("https://replicate.com/docs", "https://fal.ai/models"),
    ),
)
