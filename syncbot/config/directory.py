"""People from a directory: a CSV file as spreadsheets and HR systems write it, joined with ``[people]`` of the config.

It may begin with a byte order mark, be parted by commas, semicolons or tabs, and hold columns that mean nothing here,
which are named and left alone. What the config says of a person counts before what the file says. No message repeats
a value of the file: it is about people.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from syncbot.config import values
from syncbot.errors import Mistake
from syncbot.model import KnownPerson, Struct
from syncbot.patterns import fold
from syncbot.toml import Wrong, closest

T = TypeVar("T")

COLUMNS = ("name", "email", "region", "timezone", "weekly_hours")
_PARTERS = ",;\t"
_WEEK = 168


class Row(Struct, frozen=True):
    """A person of the file, and the line on which the row begins. The person's key is the e-mail, else the name."""

    line: int
    person: KnownPerson


class Listed(Struct, frozen=True):
    """What a file says; ``notes`` are columns that are not read."""

    file: Path | None = None
    rows: tuple[Row, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[Mistake, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """What other tables may call these people."""
        return tuple(dict.fromkeys(row.person.key for row in self.rows))


class Joined(Struct, frozen=True):
    """The people of config and file as one list; ``keys`` are theirs by what the file alone would call them."""

    people: tuple[KnownPerson, ...]
    keys: dict[str, str]
    mistakes: tuple[Mistake, ...]


def read(file: Path, connections: Collection[str]) -> Listed:
    """The people of a file, with every mistake in it."""
    mistakes: list[Mistake] = []
    notes: list[Mistake] = []
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return Listed(file, mistakes=(Mistake(file, 0, "", f"cannot read it: {error.strerror}."),))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        hint = 'Save it as "CSV UTF-8".'
        return Listed(file, mistakes=(Mistake(file, line, "", "is not UTF-8 text here.", hint),))
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        return Listed(file, mistakes=(Mistake(file, 1, "", f"cannot be read as CSV: {error}."),))
    if not lines:
        return Listed(file, mistakes=(Mistake(file, 1, "", "is empty.", f"Columns: {', '.join(COLUMNS)}."),))
    (first, titles), *rest = lines
    columns = _columns(file, first, titles, connections, mistakes, notes)
    if columns and not {"name", "email"} & set(columns):
        mistakes.append(Mistake(file, first, "", 'needs a column "name" or "email".'))
    rows = []
    for line, cells in rest:
        if len(cells) > len(titles) and any(cell.strip() for cell in cells[len(titles) :]):
            mistakes.append(Mistake(file, line, "", f"has {len(cells)} cells under {len(titles)} columns."))
            continue
        told = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name and cell.strip()}
        person = _person(file, line, told, connections, mistakes) if told else None
        if person is not None:
            rows.append(Row(line, person))
    return Listed(file, tuple(rows), tuple(mistakes), tuple(notes))


def join(config: Sequence[KnownPerson], listed: Listed) -> Joined:
    """Everybody once. A row is a person of the config with the same e-mail address or login, else the same name."""
    mistakes: list[Mistake] = []
    known = _Known(config, Counter(fold(row.person.name or "") for row in listed.rows))
    told: dict[str, KnownPerson] = {person.key: person for person in config}
    keys: dict[str, str] = {}
    owners: dict[tuple[str, str], int] = {}
    joined: dict[str, int] = {}
    for row in listed.rows:
        person = row.person
        taken = [owners[login] for login in _logins(person) if login in owners]
        found = known.of(person)
        key = found[0] if found else person.key
        if taken or key in joined:
            same = taken or person.email
            again = "is the person of line {} once more." if same else "has the name of line {}, and no e-mail address."
            line = taken[0] if taken else joined[key]
            mistakes.append(Mistake(_file(listed), row.line, "", again.format(line)))
            continue
        if len(found) > 1:
            message = f"is several people of the config: {', '.join(found)}."
            mistakes.append(Mistake(_file(listed), row.line, "", message))
            continue
        owners.update(dict.fromkeys(_logins(person), row.line))
        joined[key], keys[person.key] = row.line, key
        told[key] = _both(told[key], person) if key in told else person
    return Joined(tuple(told.values()), keys, tuple(mistakes))


def _file(listed: Listed) -> Path:
    return listed.file or Path()


class _Known:
    """The people of the config, by what a row can share with them."""

    def __init__(self, people: Sequence[KnownPerson], listed: Counter[str]) -> None:
        self.logins = {login: person.key for person in reversed(people) for login in _logins(person)}
        names = listed | Counter(fold(person.name) for person in people if person.name)
        self.names = {fold(person.name): person for person in people if person.name and names[fold(person.name)] == 1}

    def of(self, row: KnownPerson) -> list[str]:
        """The keys of those who are this row."""
        found = list(dict.fromkeys(self.logins[login] for login in _logins(row) if login in self.logins))
        namesake = self.names.get(fold(row.name)) if row.name and not found else None
        # Two addresses are two people, whatever they are called.
        return [namesake.key] if namesake and not (namesake.email and row.email) else found


def _logins(person: KnownPerson) -> Iterator[tuple[str, str]]:
    if person.email:
        yield "", fold(person.email)
    for connection, account in person.accounts.items():
        yield connection, fold(account)


def _both(config: KnownPerson, row: KnownPerson) -> KnownPerson:
    """What the config leaves open, the file says."""
    return replace(
        config,
        name=config.name or row.name,
        email=config.email or row.email,
        accounts={**row.accounts, **config.accounts},
        weekly_minutes=row.weekly_minutes if config.weekly_minutes is None else config.weekly_minutes,
        region=config.region or row.region,
        timezone=config.timezone or row.timezone,
    )


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line on which it begins."""
    skipped = 0
    if text[:4].casefold() == "sep=":  # a spreadsheet's own way to say it
        skipped, text = 1, text.partition("\n")[2]
    head = next((line for line in text.splitlines() if line.strip()), "")
    parter = max(_PARTERS, key=lambda it: len(next(csv.reader([head], delimiter=it), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parter, skipinitialspace=True)
    begun = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begun + skipped, cells
        begun = reader.line_num + 1


def _columns(
    file: Path,
    line: int,
    titles: Sequence[str],
    connections: Collection[str],
    mistakes: list[Mistake],
    notes: list[Mistake],
) -> list[str]:
    """Our name of each column, "" for those that mean nothing here."""
    known = {_plain(name): name for name in (*connections, *COLUMNS)}
    columns: list[str] = []
    for title in titles:
        name = known.get(_plain(title), "")
        if name and name in columns:
            mistakes.append(Mistake(file, line, title.strip(), "is there twice."))
        elif title.strip() and not name:
            near = closest(title, set(known.values()) - set(columns))
            hint = f'Did you mean "{near}"?' if near else ""
            notes.append(Mistake(file, line, title.strip(), "is a column that is not read.", hint))
        columns.append("" if name in columns else name)
    return columns


def _plain(title: str) -> str:
    """A column's title as titles compare: "E-Mail" is email, "Weekly hours" weekly_hours."""
    return re.sub(r"[\W_]+", "", fold(title))


def _person(
    file: Path, line: int, told: dict[str, str], connections: Collection[str], mistakes: list[Mistake]
) -> KnownPerson | None:
    def parsed(column: str, parse: Callable[[str], T]) -> T | None:
        if column not in told:
            return None
        try:
            return parse(told[column])
        except Wrong as wrong:
            mistakes.append(Mistake(file, line, column, wrong.message, wrong.hint))
            return None

    email = parsed("email", values.address)
    name = told.get("name")
    person = KnownPerson(
        key=fold(email) if email else name or "",
        name=name,
        email=email,
        accounts={one: told[one] for one in connections if one in told and one not in COLUMNS},
        weekly_minutes=parsed("weekly_hours", _minutes),
        region=parsed("region", values.region),
        timezone=parsed("timezone", values.timezone),
    )
    if not name and "email" not in told:
        mistakes.append(Mistake(file, line, "", "has neither a name nor an e-mail address."))
    return person if person.key else None


def _minutes(text: str) -> int:
    """Minutes of hours, which may have a decimal comma."""
    try:
        hours = float(text.replace(",", "."))
    except ValueError:
        raise Wrong("must be a number of hours.") from None
    if not 0 <= hours <= _WEEK:
        raise Wrong(f"must be from 0 to {_WEEK}.")
    return round(hours * 60)
