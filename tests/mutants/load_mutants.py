"""Adapters that are broken before their first call. ``reports`` names the errors that discovery must report, all at once."""

from __future__ import annotations

from typing import ClassVar

from saascore.hookspecs import hookimpl


class Sound:
    api = 1
    reports: ClassVar[set[str]] = set()

    @hookimpl
    def map_plan_label(self, plan):
        return None


class NoApi(Sound):
    api = None
    reports: ClassVar = {"ADP-008"}


class FutureApi(Sound):
    api = 99
    reports: ClassVar = {"ADP-008"}


class NoHooks:
    api = 1
    reports: ClassVar = {"ADP-009"}


class MisspeltHook(Sound):
    reports: ClassVar = {"ADP-010"}

    @hookimpl
    def map_event_nam(self, event_name):
        return None


class UnmarkedHook(Sound):
    reports: ClassVar = {"ADP-011"}

    def describe_plan(self, plan):
        return None


class MissingArgument(Sound):
    reports: ClassVar = {"ADP-012"}

    @hookimpl
    def reference_workspace(self, claims):
        return None


class KeywordOnlyArgument(Sound):
    reports: ClassVar = {"ADP-012"}

    @hookimpl
    def map_event_name(self, *, event_name):
        return None


class WrongAnnotation(Sound):
    reports: ClassVar = {"ADP-013"}

    @hookimpl
    def map_event_name(self, event_name: bytes) -> str | None:
        return None


class AsyncHook(Sound):
    reports: ClassVar = {"ADP-014"}

    @hookimpl
    async def map_event_name(self, event_name):
        return None


class GeneratorForAValue(Sound):
    reports: ClassVar = {"ADP-014"}

    @hookimpl
    def map_event_name(self, event_name):
        yield None


class HookThatWantsToBeFirst(Sound):
    reports: ClassVar = {"ADP-015"}

    @hookimpl(tryfirst=True)
    def map_event_name(self, event_name):
        return None


class EverythingAtOnce:
    api = 99
    reports: ClassVar = {"ADP-008", "ADP-010", "ADP-011", "ADP-012", "ADP-014"}

    @hookimpl
    def map_plan(self, plan):
        return None

    @hookimpl
    async def map_event_name(self, name):
        return None

    def entitlement_rules(self):
        return None
