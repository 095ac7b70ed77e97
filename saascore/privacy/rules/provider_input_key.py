"""What a product sent to a model provider: input files, prompts and their keys."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule, Shape, Url, phrases

_NAMES = """
input key, input path, input file, input image, input image key, input url, input image url, input object, input keys, input images,
provider input, provider input key, provider input url, provider input path, source image, source image key, source image url, source key,
source path, source file, source url, init image, init image key, init image url, mask key, mask image, mask url, reference image,
reference image url, reference image key, control image, conditioning image, prompt image, prompt file,
input asset, input asset key, input file key, input file id, input blob, input media, training file, training images,
prompt key, prompts, negative prompt, system prompt, user prompt, input text, raw prompt, prompt text,
image prompt, prompt image key, prompt image url, prompt image path, request body, input payload, raw input, model input, input video, input audio, upload id, face image, start image, first frame image, tail image,
input s3 key, input r2 key, input storage key, input object key, in key, pose image, style image, image input, image inputs
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.provider-input-key.key-name",
        detector=Key(phrases(_NAMES)),
        why="A field named for a provider's input may hold only [redacted] or a reference.",
        matches=(
            '{"input_key": "{b62:16}"}',
            '{"inputImage": "in/{b62:12}.png"}',
            '{"prompt_image_key": "{uuid}"}',
            '{"input": {"image_key": "{b62:16}"}}',
        ),
        passes=('{"input_key": "[redacted]"}', '{"input_keys": 2}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.provider-input-key.path",
        detector=Shape("input-path"),
        why="A path into a store of provider inputs.",
        matches=("provider-inputs/{b62:10}/source.png", "inputs/{uuid}.jpg"),
        passes=("docs/inputs.md", "tests/inputs/sample.json"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.provider-input-key.input-name",
        detector=Key(("input", "inputs", "source image", "reference", "mask", "prompt"), "hint"),
        why="The field names what was sent, and the value looks like a key or an address of it.",
        matches=('{"input": "{b62:30}"}', '{"mask": "{uuid}"}'),
        passes=('{"input": "rows"}', '{"reference": "docs/contract.md"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.provider-input-key.upload",
        provider="Replicate, fal",
        detector=Url(
            hosts=(
                "api.replicate.com",
                "replicate.com",
                "fal.media",
                ".fal.media",
                "rest.alpha.fal.ai",
                ".fal.ai",
            ),
            paths=("/v1/files/", "/api/models/files/", "/storage/upload", "_input.", "_upload."),
            identified=True,
        ),
        why="The address of an uploaded input at the provider that works on it.",
        matches=(
            "https://api.replicate.com/v1/files/{b62:48}",
            "https://v3.fal.media/files/lion/{b62:20}_input.png",
        ),
        passes=("https://replicate.com/docs/topics/predictions/input-files", "https://fal.ai/docs"),
    ),
)
