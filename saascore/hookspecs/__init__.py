"""What an adapter may implement: five topics, each a module of hooks, with a ``Protocol`` beside every hook.

An adapter is a module, a package or an instance with functions marked ``@hookimpl``, named by an entry point of the
group ``saascore.adapters``; the entry point's name is the adapter's id. It states ``api = 1``.
"""

from saascore.hookspecs.mapping import Constant, RecordMapping
from saascore.hookspecs.markers import API, ENTRY_POINT_GROUP, PROJECT, hookimpl, hookspec

__all__ = ["API", "ENTRY_POINT_GROUP", "PROJECT", "Constant", "RecordMapping", "hookimpl", "hookspec"]
