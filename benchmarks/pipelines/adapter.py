"""The adapter of saascore's own run: a mapping stated as data."""

from collections.abc import Mapping

from saascore.drafts import RawId
from saascore.hookspecs import RecordMapping, hookimpl
from saascore.hookspecs.identity import Redact

api = 1
adapter_id = "pipelines"
map_event_name, map_plan_label, map_usage_record = RecordMapping(
    events={"render": "image.rendered", "upscale": "image.upscaled"},
    plans={"Free": "free", "Starter": "starter", "Pro": "pro"},
    event_name="event",
    key=("id",),
    quantity="images",
    unit="image",
    occurred_at="at",
    claims={"workspace": "workspace"},
    plan="plan",
    dimensions={"size": "size", "model": "model"},
).hooks()


@hookimpl
def reference_workspace(claims: Mapping[str, RawId], redact: Redact) -> str | None:
    return redact("workspace", claims["workspace"])
