"""How tasks came to be what they are, from their stories: moves, dates, ticks, names, people and custom fields.

Asana keeps stories by the task and names no cursor for them, so those of a task are read whole each time it changed,
ten tasks a request. Which properties a story has depends on what it tells; of a side that was empty it has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.asana import goals
from connectors.asana.api import PAGE, Api
from connectors.asana.records import RESOLUTIONS, TYPES
from connectors.asana.wire import Dates, Many, Named, Story
from syncbot.connector import History, Lookback, instant
from syncbot.errors import Broken, Missing, Refused, ToolError
from syncbot.model import Entry, Word

TOGETHER = 100  # tasks whose history is stored at once
_PAIRS = (
    "name",
    "dates",
    "resource_subtype",
    "section",
    "section.name",
    "text_value",
    "number_value",
    "enum_value",
    "enum_value.name",
    "multi_enum_values",
    "multi_enum_values.name",
    "people_value",
    "date_value",
    "approval_status",
)
_FIELDS = [
    "resource_subtype",
    "created_at",
    "created_by",
    "assignee",
    "project",
    "custom_field",
    *(f"{side}_{pair}" for pair in _PAIRS for side in ("old", "new")),
]
_TICKS = {"marked_complete": True, "marked_incomplete": False}
_YES = Word("yes", "")

Change = tuple[str, Word | None, Word | None]
"""A field of ours or of Asana's, its old and its new value."""


def history(api: Api, wants: Sequence[Lookback], fields: frozenset[str]) -> Iterator[History]:
    """The stories of these tasks, as of `syncbot.connector.Connector.history`; goals and portfolios have none."""
    for want in wants:
        scope = want.scope.remote_id
        if goals.is_goals(scope):
            yield History(scope, whole=want.remote_ids)
            continue
        for start in range(0, len(want.remote_ids), TOGETHER):
            yield from _part(api, want, want.remote_ids[start : start + TOGETHER], fields)


def _part(api: Api, want: Lookback, gids: Sequence[str], fields: frozenset[str]) -> Iterator[History]:
    scope = want.scope.remote_id
    entries: list[Entry] = []
    whole: list[str] = []
    hidden: list[str] = []
    failed: ToolError | None = None
    try:
        answers = api.batch([f"/tasks/{gid}/stories" for gid in gids], Many[Story], fields=_FIELDS, limit=PAGE)
        if all(isinstance(answer, Many) and not answer.data for answer in answers):
            _check_none(api, gids[0])
    except ToolError as error:
        yield History(scope, error=error)
        return
    for gid, answer in zip(gids, answers, strict=True):
        try:
            stories = _stories(api, gid, answer)
        except ToolError as error:
            failed = failed or error
            hidden += [gid] if isinstance(error, Refused) else []
            continue
        told = _entries(gid, stories, scope, fields)
        entries += [one for one in told if one.at >= want.since]
        whole.append(gid)
    yield History(scope, tuple(entries), tuple(whole), hidden=tuple(hidden))
    if failed is not None:
        yield History(scope, error=failed)


def _check_none(api: Api, gid: str) -> None:
    """Nearly every task has stories: where none of several has, ask one by itself. Raises Broken if that has some."""
    if any(api.all(f"/tasks/{gid}/stories", Story, opt_fields="gid")):
        raise Broken(f"{api.name}: Asana gave no stories, though there are some; they are read again next time.")


def _stories(api: Api, gid: str, answer: Many[Story] | ToolError) -> list[Story]:
    """All stories of a task, the oldest first; none of one that is gone."""
    if isinstance(answer, Missing):
        return []
    if isinstance(answer, ToolError):
        raise answer
    if answer.next_page is None:
        return answer.data
    return [one for page in api.all(f"/tasks/{gid}/stories", Story, opt_fields=",".join(_FIELDS)) for one in page]


def _entries(gid: str, stories: Sequence[Story], scope: str, fields: frozenset[str]) -> Iterator[Entry]:
    """What stories tell of a task whose home is ``scope``; ``fields``: those that are wanted of its fields."""
    assignee: Word | None = None
    for story in stories:
        at = instant(story.created_at)
        changes = [*_changes(story, scope)]
        if story.assignee is not None or story.resource_subtype == "unassigned":
            was, assignee = assignee, None if story.resource_subtype == "unassigned" else _word(story.assignee)
            changes.append(("assignee", was, assignee))  # whose it was before, only an earlier story tells
        for field, old, new in changes:
            if at is not None and old != new and (field in _FACETS or field in fields):
                account = story.created_by.gid if story.created_by else None
                yield Entry(f"{story.gid}:{field}", gid, at, field, old, new, account)


_FACETS = frozenset({"title", "section", "complete", "type", "resolution"})


def _changes(story: Story, scope: str) -> Iterator[Change]:
    if story.custom_field is not None:
        yield (story.custom_field.gid, *_values(story))
        return
    if (ticked := _TICKS.get(story.resource_subtype or "")) is not None:
        yield "complete", None if ticked else _YES, _YES if ticked else None
    if story.old_name is not None and story.new_name is not None:
        yield "title", Word("", story.old_name), Word("", story.new_name)
    if story.old_section and story.new_section and (story.project is None or story.project.gid == scope):
        yield "section", _word(story.old_section), _word(story.new_section)
    if story.old_dates or story.new_dates:
        for field in ("due_on", "start_on"):
            yield field, _day(story.old_dates, field), _day(story.new_dates, field)
    if story.old_resource_subtype and story.new_resource_subtype:
        yield "type", TYPES.get(story.old_resource_subtype), TYPES.get(story.new_resource_subtype)
    if story.old_approval_status or story.new_approval_status:
        old, new = (RESOLUTIONS.get(one or "") for one in (story.old_approval_status, story.new_approval_status))
        yield "resolution", old, new


def _values(story: Story) -> tuple[Word | None, Word | None]:
    """Both sides of a custom field, of whichever type it is."""
    for old, new in (
        (story.old_enum_value, story.new_enum_value),
        (story.old_multi_enum_values, story.new_multi_enum_values),
        (story.old_people_value, story.new_people_value),
        (story.old_number_value, story.new_number_value),
        (story.old_date_value, story.new_date_value),
        (story.old_text_value, story.new_text_value),
    ):
        if old or new or old != new:
            return _side(old), _side(new)
    return None, None


def _side(said: Named | list[Named] | Dates | float | str | None) -> Word | None:
    match said:
        case None | [] | "":
            return None
        case Named():
            return _word(said)
        case Dates():
            return _day(said, "due_on")
        case list():
            return Word(", ".join(one.gid for one in said), ", ".join(one.name or one.gid for one in said))
        case str():
            return Word("", said)
    return Word("", f"{said:g}")


def _word(named: Named | None) -> Word | None:
    return Word(named.gid, named.name or "") if named else None


def _day(dates: Dates | None, field: str) -> Word | None:
    """A date as records hold it."""
    if dates is None:
        return None
    said = dates.start_on if field == "start_on" else instant(dates.due_at) or dates.due_on
    return Word("", said) if said else None
