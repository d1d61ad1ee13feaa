"""What the words of scopes mean, as far as the tool says it: one that does not leaves the words of the others fresh."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from msgspec.structs import replace

from syncbot.connector import Connector
from syncbot.errors import Interrupted, Limited, ToolError
from syncbot.model import Scope, Struct, Vocabulary
from syncbot.pipeline.asking import Asking

MOST_SILENT = 3
"""So many scopes may fail to say what their words mean, and the others are read; of more, the tool is at fault."""

_KEY = "vocabulary"


class Words(Struct, frozen=True):
    """The words of some ``scopes`` (remote ids). ``silent``: why the tool does not say now what those of a scope mean;
    what it said before still holds, except of those of which nothing is known (``unknown``).
    """

    scopes: tuple[str, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    silent: dict[str, str] = {}
    unknown: tuple[str, ...] = ()


def describe(connector: Connector, scopes: Sequence[Scope], ask: Asking) -> tuple[Words, dict[str, ToolError]]:
    """The words of these scopes, and what failed: by the remote id of a scope, or "" if the tool says nothing of any.

    A scope that was silent is asked each time: it may speak again. Raises ToolError if nothing is known of any scope.
    """
    ids = tuple(sorted(scope.remote_id for scope in scopes))
    kept = ask.kept(_KEY, Words)
    old = kept[0] if kept else Words()
    if kept and old.scopes == ids and ask.believes(kept[1]):
        mute = [scope for scope in scopes if scope.remote_id in old.silent]
        failed = {one: ToolError(why) for one, why in old.silent.items()}
        if not ask.offline:
            with suppress(Limited):  # then they are asked next time
                failed = _silent(connector, mute, most=len(mute))
        if failed.keys() == old.silent.keys():
            return old, failed
    ask.check_online()
    try:
        found, failed = _ask(connector, scopes)
    except ToolError as error:
        unknown = tuple(one for one in ids if one not in old.scopes or one in old.unknown)
        if len(unknown) == len(ids):
            raise
        return replace(old, scopes=ids, unknown=unknown), {"": error, **dict.fromkeys(unknown, error)}
    known = failed.keys() & {*old.scopes} - {*old.unknown}
    words = Words(
        scopes=ids,
        vocabulary=_merged(found, old.vocabulary, known) if known else found,
        silent={one: str(error) for one, error in failed.items()},
        unknown=tuple(sorted(failed.keys() - known)),
    )
    return ask.keep(_KEY, words), failed


def _ask(connector: Connector, scopes: Sequence[Scope]) -> tuple[Vocabulary, dict[str, ToolError]]:
    """The words of these scopes without those that fail, and why these do."""
    try:
        return connector.describe(scopes) if scopes else Vocabulary(), {}
    except ToolError as error:
        if len(scopes) == 1 or isinstance(error, Limited | Interrupted):
            raise
        failed = _silent(connector, scopes, most=min(MOST_SILENT, len(scopes) - 1))
        if not failed:
            raise  # together they fail, each by itself does not: the next run will tell
    found, more = _ask(connector, [scope for scope in scopes if scope.remote_id not in failed])
    return found, failed | more


def _silent(connector: Connector, scopes: Sequence[Scope], most: int) -> dict[str, ToolError]:
    """Those of these scopes that the tool cannot describe, each asked for by itself. Raises the error if more fail."""
    failed: dict[str, ToolError] = {}
    for scope in scopes:
        try:
            connector.describe([scope])
        except (Limited, Interrupted):  # it says nothing of the scope
            raise
        except ToolError as error:
            failed[scope.remote_id] = error
            if len(failed) > most:
                raise
    return failed


def _merged(now: Vocabulary, old: Vocabulary, scopes: Collection[str]) -> Vocabulary:
    """What is said now, and what was said before of these scopes alone."""
    own = {field.id: tuple(one for one in field.scopes if one in scopes) for field in old.fields}
    fields = [
        replace(field, scopes=(*field.scopes, *own.pop(field.id, ()))) if field.scopes else field
        for field in now.fields
    ]
    there = {field.id for field in now.fields}
    fields += [replace(field, scopes=own[field.id]) for field in old.fields if field.id not in there and own[field.id]]
    return Vocabulary(tuple(fields), (*now.terms, *(term for term in old.terms if term.scope in scopes)))
