"""The inspection of one imported adapter: its id, its api and its hooks; nothing of it is called."""

from __future__ import annotations

import inspect

from saascore.adapters.signatures import check_signatures, marked_functions
from saascore.adapters.specs import SUPPORTED_APIS
from saascore.adapters.status import Broken, Loaded, Problem, Stage, is_public_id
from saascore.hookspecs import API


def inspect_plugin(
    adapter_id: str, distribution: str | None, version: str | None, plugin: object
) -> Loaded | Broken:
    """Check an imported object against everything an adapter must be, and report all that is wrong at once."""
    problems = [*_check_id(adapter_id), *_check_object(plugin)]
    stage: Stage = "id"
    if not problems:
        api_problems, hook_problems = _check_api(plugin), check_signatures(plugin)
        stage = "api" if api_problems else "hooks"
        problems = [*api_problems, *hook_problems]
    if problems:
        return Broken(adapter_id, distribution, version, stage, tuple(problems))
    api = getattr(plugin, "api", API)
    return Loaded(adapter_id, distribution, version, api, plugin, frozenset(marked_functions(plugin)))


def _check_id(adapter_id: str) -> list[Problem]:
    return [] if is_public_id(adapter_id) else [Problem("ADP-006", "the id is not a public label")]


def _check_object(plugin: object) -> list[Problem]:
    if inspect.isclass(plugin):
        return [Problem("ADP-016", "it names a class and not an instance of it")]
    if inspect.isroutine(plugin):
        return [Problem("ADP-016", "it names a function and not the module that holds it")]
    return []


def _check_api(plugin: object) -> list[Problem]:
    api = getattr(plugin, "api", None)
    if not isinstance(api, int) or isinstance(api, bool):
        return [Problem("ADP-008", "no api is stated: write api = 1 at its top")]
    if api > API:
        return [Problem("ADP-008", f"api {api} is newer than this saascore knows ({API}): upgrade saascore")]
    if api not in SUPPORTED_APIS:
        oldest = min(SUPPORTED_APIS)
        return [Problem("ADP-008", f"api {api} is older than {oldest}: upgrade the adapter")]
    return []
