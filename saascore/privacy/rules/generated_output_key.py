"""What a model provider made: output files and their keys."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule, Shape, phrases

_NAMES = """
output key, output path, output file, output image, output image key, output url, output image url, output object, output keys, output images,
output urls, generated key, generated path, generated file, generated image, generated image key, generated image url,
generated output, generated output key, generated url, generated asset, result key, result path, result file, result image, result url, result image url,
result image key, render key, render path, rendered key, rendered image, final image, final image key, artifact key, artifact path,
output asset, output asset key, output file key, output file id, output blob, output media, generation key, image key, image keys, image url, image urls,
images, image, video url, audio url, video key, audio key, completion key, upscaled key, upscaled image, preview key, preview image, preview url,
completion text, completion, generated text, output text, raw output, output payload, model output, response body, output video, output audio, thumbnail url, thumbnail, variant key,
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
)
