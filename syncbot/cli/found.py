"""What ``init`` found at a tool, as text for the config."""

from __future__ import annotations

import msgspec

from syncbot.connector import Settings
from syncbot.model import Account, Field, Scope, Struct
from syncbot.patterns import fold
from syncbot.report.words import clean

MOST_PEOPLE = 30
"""More people than this are not written out: those with an e-mail address match by themselves."""


class Found(Struct, frozen=True):
    """A connection that answered: who we are, what to read, the fields behind ours, and the people on the work."""

    settings: Settings
    references: dict[str, str]
    account: Account
    scopes: tuple[Scope, ...]
    fields: dict[str, tuple[Field, ...]]
    people: tuple[Account, ...]


def compose(found: Found, existing: str) -> str:
    """The lines to add to a config that reads ``existing``; empty: a new one."""
    parts = [] if existing else [_HEAD]
    parts += [_connection(found), *_people(found, existing), _report(found)]
    return "\n".join(parts)


_HEAD = """\
# Written by "syncbot init" from what it found. Every setting with its default is in config.example.toml.

[syncbot]
store    = "sqlite:///syncbot.db"
timezone = "UTC"                 # dates are read and shown in this zone: make it yours, such as "Europe/London"
writes   = "plan"                # never | plan | apply: with "plan", a report is written only by --apply
"""


def _connection(found: Found) -> str:
    told = found.settings
    user = [f"user   = {quoted(told.user)}"] if told.user else []
    lines = [
        f"[connections.{told.name}]",
        f"tool   = {quoted(told.tool)}",
        f"url    = {quoted(told.url)}",
        *user,
        *(f"{what:<6} = {quoted(reference)}" for what, reference in found.references.items()),
        f"scopes = [{', '.join(quoted(_handle(one)) for one in found.scopes)}]"
        + (f"  # {', '.join(one_line(one.name) for one in found.scopes)}" if told.tool == "jira" else ""),
    ]
    for ours, fields in sorted(found.fields.items()):
        filled = ", ".join(
            f"{one_line(one.name)}{'' if one.filled_percent is None else f' ({one.filled_percent}% filled)'}"
            for one in fields
        )
        lines.append(f"# {ours} is read from {filled}" if filled else f"# {ours}: no such field was found")
    return "\n".join(lines) + "\n"


def _handle(scope: Scope) -> str:
    """What people call it: a project's key, a board's name."""
    return scope.key if scope.key.isupper() else scope.name


def _people(found: Found, existing: str) -> list[str]:
    """People with the accounts that were found; one who stands in the config by name is only suggested."""
    name = found.settings.name
    if len(found.people) > MOST_PEOPLE:
        return []
    lines, known = [], fold(existing)
    taken = {word for word in known.split() if word.startswith("[people.")}
    for account in sorted(found.people, key=lambda one: fold(one.name)):
        login = account.handle or account.remote_id
        if account.remote_id == found.account.remote_id or (account.email and fold(account.email) in known):
            continue
        if quoted(fold(account.name)) in known:
            lines.append(
                f"# {one_line(account.name)} is in this file; if it is the same person, add to their accounts:"
            )
            lines.append(f"#   {name} = {quoted(login)}\n")
            continue
        key = _key(account.name, taken)
        lines += [f"[people.{key}]", f"name     = {quoted(account.name)}"]
        lines += [f"email    = {quoted(account.email)}"] if account.email else []
        lines += [f"accounts = {{ {name} = {quoted(login)} }}\n"]
    return lines


def _key(name: str, taken: set[str]) -> str:
    """A short key for a person: the first name, made unique."""
    first = "".join(char for char in fold(name).split(" ")[0] if char.isascii() and char.isalnum()) or "person"
    key, count = first, 1
    while f"[people.{key}]" in taken:
        count += 1
        key = f"{first}{count}"
    taken.add(f"[people.{key}]")
    return key


def _report(found: Found) -> str:
    home, told = found.scopes[0], found.settings
    where = 'issue_type = "Task"' if told.tool == "jira" else 'list       = "Reports"   # must be a list of that board'
    readers = "everyone, outsiders too" if home.public else f"everyone who can see {one_line(home.name)}"
    public = "public     = true        # outsiders can read this board; take this line away if they must not\n"
    return (
        f"[[reports]]                  # read by {readers}\n"
        f"connection = {quoted(told.name)}\n"
        f"scope      = {quoted(_handle(home))}\n"
        f"{where}\n"
        f"{'# ' + public if home.public else ''}"
        f"# may_show = [{quoted(told.name)}]   # titles of other connections appear only if they are named here:\n"
        "#                              their titles are then shown to the readers above\n"
    )


def quoted(value: str) -> str:
    """A TOML string. JSON's escapes are TOML's, but for the control character that JSON leaves alone."""
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def one_line(value: str) -> str:
    """Text from a tool, fit for a comment."""
    return clean(value).replace("\x7f", "")
