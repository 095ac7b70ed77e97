"""Runs, requests and logs at a provider: who reads one can ask the provider for its content."""

from __future__ import annotations

from saascore.privacy.rule import Header, Key, Pattern, Prefix, Rule, id_phrases, phrases

_SUBJECTS = """
prediction, execution, generation, provider execution, provider run, provider job, provider request, provider task, provider prediction, inference, completion,
response, job, task, request, req, batch, fine tune, training, assistant, message, msg, operation, invocation, trace, span,
replicate, fal, openai, anthropic, runpod, modal, comfy, workflow run, workflow execution, step run, workflow instance, durable object, do, ray, cf ray,
correlation, x request, upstream, upstream request, external, external job, external run, remote, provider, external request, queue message, worker, pipeline run,
lambda request, aws request, render, image job, video job, generation job, model run, run, parent, call, tool call, transcript, file, vector store, container,
crawl, actor run, dispatch, delivery, attempt, process, log, midjourney, stability, provider response, provider message, provider log
"""
_BARE = """
prediction, execution, provider execution, provider run, provider job, provider request, generation, cf ray, trace parent, traceparent, job, task, inference, request,
x request, correlation, trace, span, aws request, operation name, prediction url, execution arn, task arn, status url, response url, cancel url, logs url, urls get, provider ref, external ref, upstream ref
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.provider-execution-id.key-name",
        detector=Key(
            (
                *id_phrases(*phrases(_SUBJECTS)),
                "cf ray",
                "trace parent",
                "traceparent",
                "execution arn",
                "task arn",
                "system fingerprint",
            )
        ),
        why="A field named for a provider's run or request may hold only [redacted] or a reference.",
        matches=('{"prediction_id": "{b36:26}"}', '{"providerExecutionId": "{uuid}"}'),
        passes=('{"prediction_count": 3}', '{"execution_id": "[redacted]"}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.provider-execution-id.bare-name",
        detector=Key(phrases(_BARE), "weak"),
        why="The field names a provider's run, and the value looks like its id.",
        matches=('{"prediction": "{b36:26}"}', '{"job": "{uuid}"}'),
        passes=('{"job": "nightly-summary"}', '{"prediction": null}'),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.provider-execution-id.prefix",
        provider="OpenAI, Anthropic, Replicate, Together, RunPod, Modal",
        detector=Prefix(
            (
                "chatcmpl-",
                "cmpl-",
                "resp_",
                "msg_",
                "run_",
                "step_",
                "asst_",
                "batch_",
                "ftjob-",
                "file-",
                "call_",
                "toolu_",
                "msgbatch_",
                "gen-",
                "rs_",
                "fc_",
                "req_01",
                "embd-",
                "modr-",
                "imggen_",
                "ig_",
                "ws_run_",
                "pred_",
                "prediction_",
                "job_",
                "exec_",
                "task_",
                "trace_",
                "req-",
                "request_",
                "execution_",
                "gen_",
                "generation_",
                "jb_",
                "wf_",
                "wfr_",
                "inst_",
                "ap-",
                "ta-",
                "fu-",
                "srvtoolu_",
                "vs_",
                "evalrun_",
                "video_",
                "thread_",
                "run-",
                "job-",
                "task-",
                "exec-",
                "pred-",
                "trace-",
            ),
            "A-Za-z0-9",
            8,
            random=True,
        ),
        why="The id of a provider's run, message or file.",
        matches=("chatcmpl-{b62:29}", "msg_{b62:24}", "resp_{hex:48}"),
        passes=("msg_queue", "run_summary", "file-internationalization"),
    ),
    Rule(
        id="privacy.provider-execution-id.header",
        detector=Header(
            (
                "x-request-id",
                "cf-ray",
                "x-amzn-requestid",
                "x-amz-request-id",
                "x-amz-id-2",
                "x-amzn-trace-id",
                "request-id",
                "anthropic-request-id",
                "openai-organization",
                "openai-project",
                "x-fal-request-id",
                "x-fal-*",
                "x-replicate-*",
                "traceparent",
                "tracestate",
                "x-b3-traceid",
                "x-cloud-trace-context",
                "x-vercel-id",
                "x-correlation-id",
                "fly-request-id",
                "x-openai-*",
                "anthropic-organization-id",
                "x-runpod-*",
            )
        ),
        why="A request id header.",
        matches=("CF-Ray: {hex:16}-LHR", "x-request-id: {uuid}"),
        passes=("x-request-id: [redacted]", "CF-Ray: [redacted]"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.provider-execution-id.arn",
        provider="AWS",
        detector=Pattern(
            r"\barn:aws[a-z-]{0,8}:[a-z0-9-]{2,24}:[a-z0-9-]{0,24}:[0-9]{0,12}:[^\s\"'<>]{1,256}", "arn:aws"
        ),
        why="An ARN names an account and what runs in it.",
        matches=(
            "arn:aws:states:eu-west-1:{digits:12}:execution:render:{b36:8}",
            "arn:aws:bedrock:us-east-1:{digits:12}:x/{b36:8}",
        ),
        passes=("arn:aws", "arnica:aws"),
    ),
)
