"""What ``init`` found at a tool, as text for the config. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from zoneinfo import available_timezones

from syncbot.amounts import hours
from syncbot.cli.discretion import handle, is_narrower
from syncbot.config import Config, Connection
from syncbot.connector import Settings
from syncbot.model import Account, Field, KnownPerson, Scope, Side, Struct
from syncbot.patterns import fold
from syncbot.report.words import clean
from syncbot.toml import quoted, spell

MOST_PEOPLE = 30
"""More people than this are not written out: those with an e-mail address match by themselves."""


class Found(Struct, frozen=True):
    """A connection that answered: who we are, what to read, the fields behind ours, and the people on the work.

    ``references`` are what the config says of secrets and of the way to the tool, by key.

    ``home`` is the scope of the report and ``place`` the issue type or list for it; None: none of ``places`` fits.
    """

    settings: Settings
    references: dict[str, str]
    side: Side
    account: Account
    scopes: tuple[Scope, ...]
    fields: dict[str, tuple[Field, ...]]
    people: tuple[Account, ...]
    home: Scope
    place: str | None
    places: tuple[str, ...] = ()

    def handle(self, scope: Scope) -> str:
        """What the config shall call a scope."""
        return handle(scope, self.settings.tool, self.scopes)


def compose(found: Found, config: Config | None) -> str:
    """The lines to add to a config; None: the first lines of a new one."""
    parts = [_head(found)] if config is None else []
    known = () if config is None else config.people
    parts += [_connection(found), *_people(found, known), _report(found, config), *_others(found, config)]
    return "\n".join(parts)


def _head(found: Found) -> str:
    zones = Counter(one.timezone for one in found.people if one.timezone in available_timezones())
    zone = zones.most_common(1)[0][0] if zones else None
    why = "where most people are" if zone else 'make it yours, such as "Europe/London"'
    return f"""\
# Written by "syncbot init" from what it found. Every setting with its default is in config.example.toml.

[syncbot]
store    = "sqlite:///syncbot.db"
timezone = {quoted(zone or "UTC")}  # dates are read and shown in this zone: {why}
writes   = "plan"  # never | plan | apply: with "plan" a report is written only by --apply
"""


def _connection(found: Found) -> str:
    told = found.settings
    handles = [found.handle(one) for one in found.scopes]
    names = [one_line(one.name) for one in found.scopes]
    explained = "" if handles == names else f"  # {', '.join(names)}"
    lines = [
        f"[{spell(('connections', told.name))}]",
        f"tool   = {quoted(told.tool)}",
        f"url    = {quoted(told.url)}",
        *([f"user   = {quoted(told.user)}"] if told.user else []),
        *(f"{what:<6} = {quoted(reference)}" for what, reference in found.references.items()),
        f"side   = {quoted(found.side)}  # product: what and why; project: how and when",
        f"scopes = [{', '.join(map(quoted, handles))}]{explained}",
    ]
    for ours, fields in sorted(found.fields.items()):
        theirs = ", ".join(f"{one_line(one.name)} ({one.filled_percent or 0}% filled)" for one in fields)
        lines.append(f"# {ours} is read from {theirs}")
    return "\n".join(lines) + "\n"


def _people(found: Found, known: Sequence[KnownPerson]) -> Iterator[str]:
    """People with the accounts that were found; who may stand in the config already is suggested in a comment."""
    name = found.settings.name
    taken = {person.key for person in known}
    emails = {fold(person.email) for person in known if person.email}
    for account in sorted(found.people, key=lambda one: fold(one.name)) if len(found.people) <= MOST_PEOPLE else ():
        if account.remote_id == found.account.remote_id or (account.email and fold(account.email) in emails):
            continue
        login = account.handle or account.remote_id
        namesake = next((one for one in known if one.name and fold(one.name) == fold(account.name)), None)
        if namesake is not None:
            yield (
                f"# {one_line(account.name)} may be [{spell(('people', namesake.key))}] above; if so, write there:\n"
                f"# {accounts({**namesake.accounts, name: login})}\n"
            )
            continue
        email = f"email    = {quoted(account.email)}\n" if account.email else ""
        yield (
            f"[{spell(('people', key_of(account.name, taken)))}]\n"
            f"name     = {quoted(account.name)}\n{email}{accounts({name: login})}\n"
        )


def accounts(logins: dict[str, str]) -> str:
    """The line of a person's accounts."""
    return f"accounts = {{ {', '.join(f'{spell((name,))} = {quoted(login)}' for name, login in logins.items())} }}"


def key_of(name: str, taken: set[str]) -> str:
    """A short key for a person, the first name made unique, which is then taken."""
    first = "".join(char for char in fold(name).split(" ")[0] if char.isascii() and char.isalnum()) or "person"
    key, count = first, 1
    while key in taken:
        count += 1
        key = f"{first}{count}"
    taken.add(key)
    return key


def _report(found: Found, config: Config | None) -> str:
    """The report of this connection, and what it could show of others; in comments if it has no place to live in."""
    home, told = found.home, found.settings
    setting = {"asana": "section", "jira": "issue_type"}.get(told.tool, "list")
    lines = [
        f"[[reports]]  # {_readers(home)}",
        f"connection = {quoted(told.name)}",
        f"scope      = {quoted(found.handle(home))}",
        f"{setting:<10} = {quoted(found.place or 'Reports')}",
    ]
    own = _shown(found)
    hidden = [one_line(scope.name) for scope in found.scopes if is_narrower(scope, home)]
    if hidden:
        why = f"not {', '.join(hidden)}: fewer people can see that than this report"
        lines.append(f"may_show   = [{', '.join(map(quoted, own))}]  # {why}")
    elif len(found.scopes) > 1:
        names = ", ".join(one_line(scope.name) for scope in found.scopes if scope != home)
        only = quoted(f"{told.name}/{found.handle(home)}")
        lines.append(f"# may_show = [{only}]  # else it shows titles of {names} to its readers, too")
    if home.public:
        lines.append("# public   = true  # needed, since outsiders can read it too: only if they may read the report")
    lines += [_may_show((*own, other), other, one.tool, home.name) for other, one in _connections(config)]
    if found.place is None:
        there = ", ".join(f'"{one_line(name)}"' for name in found.places) or f"no open {setting}"
        why = (
            f"# {one_line(home.name)} has no {setting} for reports, but {there}. Make one or choose one, and take the\n"
        )
        lines = [why + '# "# " from the lines of this report:', *(f"# {line}" for line in lines)]
    return "\n".join(lines) + "\n"


def _others(found: Found, config: Config | None) -> Iterator[str]:
    """What the reports that the config has already could show of this connection."""
    name, tool = found.settings.name, found.settings.tool
    secret = [one_line(scope.name) for scope in found.scopes if scope.private]
    offered = [f"{name}/{found.handle(scope)}" for scope in found.scopes if not scope.private] if secret else [name]
    for report in config.reports if config else ():
        shown = report.may_show or (report.connection,)
        if any(place.partition("/")[0] == name for place in shown):
            continue
        where = f"{one_line(report.connection)}, {one_line(report.scope)}"
        without = f" (not {', '.join(secret)}, which only some people can see)" if secret else ""
        if offered:
            proposal = _may_show((*shown, *offered), name, tool, report.scope)
            yield f"# The report in {where} could have{without}:\n{proposal}\n"
        else:
            yield f"# The report in {where} counts what is in {one_line(name)} and shows no titles of it{without}.\n"


def _shown(found: Found) -> tuple[str, ...]:
    """What of its own connection a report may show: all of it, or without what fewer people can see."""
    name = found.settings.name
    open_ = [scope for scope in found.scopes if not is_narrower(scope, found.home)]
    return (name,) if len(open_) == len(found.scopes) else tuple(f"{name}/{found.handle(one)}" for one in open_)


def _connections(config: Config | None) -> list[tuple[str, Connection]]:
    return list(config.connections.items()) if config else []


def _may_show(places: Sequence[str], other: str, tool: str, readers: str) -> str:
    shown = ", ".join(map(quoted, places))
    never = ", but never what stands under a security level" if tool == "jira" else ""
    what = f"titles of {one_line(other)}{never}, to all who can see {one_line(readers)}"
    return f"# may_show = [{shown}]  # would show {what}; else they are only counted"


def _readers(scope: Scope) -> str:
    return f"its readers: everyone who can see {one_line(scope.name)}{', outsiders too' if scope.public else ''}"


def one_line(value: str) -> str:
    """Text from a tool, fit for a comment."""
    return clean(value)


def samples(field: Field, names: dict[str, str], unit: int | None) -> str:
    """What stands in a field, for people: names (by remote id) instead of ids, dates without their time.

    ``unit``: of a time, the seconds in one; it is shown in hours.
    """
    return ", ".join(filter(None, (_sample(field, one, names, unit) for one in field.samples)))


def _sample(field: Field, sample: str, names: dict[str, str], unit: int | None) -> str:
    if unit is not None and field.type == "number":
        return hours(float(sample) * unit / 60)
    if field.type in {"person", "people"}:
        return " and ".join(names[one] for one in sample.split(", ") if one in names)
    if field.type == "instant":
        return sample.partition("T")[0]
    return sample.removesuffix(".0") if field.type == "number" else sample
