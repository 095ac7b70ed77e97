"""The two markers: ``hookspec`` for saascore's own specifications, ``hookimpl`` for an adapter's functions."""

from pluggy import HookimplMarker, HookspecMarker

PROJECT = "saascore"
ENTRY_POINT_GROUP = "saascore.adapters"
#: The adapter api of this version. The one before it is supported too.
API = 1

hookspec = HookspecMarker(PROJECT)
hookimpl = HookimplMarker(PROJECT)
