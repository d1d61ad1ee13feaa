"""What rules are about: each subject's identity, home scope and name, and who can act on it.

These queries read the tables behind the views, because a report must know more of a subject (whether it is restricted)
than rules may.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncbot.model import Acts
from syncbot.rules.rule import About, Complete

# A person who left, or a bot, cannot act.
_ABLE = "p.active is not false and not p.is_bot"

_ITEM = """
select i.id, i.connection, i.home_scope_id as scope_id, i.remote_id, i.ref, i.title, i.url, i.is_restricted,
    i.is_open or i.done_day >= :recent as counts, i.owner_id, i.team_id, i.group_id,
    i.derived_from, i.due_day is not null or i.start_day is not null as is_dated
from item i where i.seen = 'here'"""

# A sprint of a board without a scope belongs to the scope of the work in it.
_SPRINT = """
select s.id, s.connection, coalesce(s.scope_id, (
        select min(i.home_scope_id) from item_sprint x join item i on i.id = x.item_id where x.sprint_id = s.id
    )) as scope_id, s.remote_id, s.name as ref, s.name as title, '' as url, false as is_restricted,
    s.state <> 'closed' as counts, nullif(0, 0) as owner_id, s.team_id, nullif(0, 0) as group_id,
    nullif('', '') as derived_from
from sprint s where s.is_known"""

_PERSON = """
select p.id, '' as connection, nullif(0, 0) as scope_id, p.key as remote_id, p.name as ref, p.name as title, '' as url,
    false as is_restricted, p.active is not false as counts, p.id as owner_id, nullif(0, 0) as team_id,
    nullif(0, 0) as group_id, nullif('', '') as derived_from
from person p"""

_SCOPE = """
select s.id, s.connection, s.id as scope_id, s.remote_id, s.key as ref, s.name as title, s.url, false as is_restricted,
    true as counts, nullif(0, 0) as owner_id, s.team_id, nullif(0, 0) as group_id, nullif('', '') as derived_from
from scope s where s.is_configured"""

SUBJECTS: dict[About, str] = {
    "item": _ITEM,
    "feature": f"{_ITEM} and i.id in (select f.id from feature f)",
    **{kind: f"{_ITEM} and i.kind = '{kind}'" for kind in ("task", "goal", "milestone")},
    "sprint": _SPRINT,
    "person": _PERSON,
    "scope": _SCOPE,
}

ITEMS = frozenset(SUBJECTS) - {"sprint", "person", "scope"}
"""What is an item."""

WORDS = frozenset({"status"})
"""What a rule can need besides fields: that the mapping knows the word which each item of the row has for it."""

DATES = frozenset({"start_on", "due_on"})
"""What versions have, too, and labels and lists have not."""

KIND: dict[About, str] = {kind: kind for kind in ("feature", "task", "goal", "milestone")} | {"sprint": "task"}
"""The kind whose fields a rule about this stands on; nothing: all kinds."""

_OWNER = f"(select p.id from person p where p.id = s.owner_id and {_ABLE})"
_LEAD = f"(select p.id from feature f join person p on p.id = f.lead_id where f.id = s.id and {_ABLE})"
_ASSIGNEE = f"""(select min(p.id) from assignee a join person p on p.id = a.person_id
    where a.item_id = s.id and {_ABLE})"""
_DELIVERING = f"""(select min(p.id) from item t join assignee a on a.item_id = t.id join person p on p.id = a.person_id
    where t.group_id = s.group_id and t.side = 'project' and t.seen = 'here' and {_ABLE})"""
_TEAM_LEAD = f"(select p.id from team t join person p on p.id = t.lead_id where t.id = s.team_id and {_ABLE})"

_DERIVED = "when s.derived_from is not null then 'it stands for a label or a list, which has no fields'"
_DATELESS = _DERIVED.replace("then", "and not s.is_dated then")
_UNKNOWN_WORD = """when exists (select 1 from unmapped u
    where u.record_id in (s.id, o.id) and u.facet in ('status', 'list', 'section'))
    then 'the mapping does not know the word of its status'"""

MISSING = "it was not found when last looked for, which the next look must confirm"
_MISSING = f"when o.seen = 'missing' then '{MISSING}'"


_LEADS_OUT = """when exists (select 1 from item t where t.group_id = s.group_id and t.leads_out and t.seen <> 'gone')
    then 'it points to work that is not read'"""
_LEADS_UP = """when exists (select 1 from item t where t.group_id = s.group_id and t.leads_up and t.seen <> 'gone')
    then 'it points to something that is not read'"""


def blind(about: About, mapped: Sequence[str], complete: Complete) -> str:
    """Why a single row of ``s`` and the other item ``o`` cannot tell although its scope can, as SQL; else null.

    A rule that claims that something is not there looks below features and goals, and above tasks; if it wants all
    scopes ``complete``, both ways.
    """
    if about not in ITEMS:
        return "null"
    fields = {field for alternatives in mapped for field in alternatives.split(" or ")} - WORDS
    cases = [_MISSING]
    cases += [_DERIVED if fields - DATES else _DATELESS] if fields else []
    cases += [_UNKNOWN_WORD] if "status" in mapped else []
    below = about in {"feature", "goal"}
    cases += [_LEADS_OUT] if complete == "all" or (complete == "other_side" and below) else []
    cases += [_LEADS_UP] if complete == "all" or (complete == "other_side" and not below) else []
    return f"case {' '.join(cases)} end"


def person(about: About, side: Acts) -> str:
    """The person who can act on a subject ``s`` when the rule names none, as SQL."""
    if side == "admin":
        return "null"
    first = {
        "product": (_OWNER, _ASSIGNEE),
        "project": (_LEAD, _DELIVERING) if about == "feature" else (_OWNER, _ASSIGNEE),
        "both": (_OWNER, _LEAD, _ASSIGNEE),
    }[side]
    if about in {"sprint", "scope"}:
        return _TEAM_LEAD
    return f"coalesce({', '.join((*first, _TEAM_LEAD))})" if about != "person" else _OWNER
