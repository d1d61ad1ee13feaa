"""A mapping file from guesses: a line for each with its evidence, doubtful ones commented out in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from syncbot.mapping.discovery.guess import Guess, Left, gathered
from syncbot.model import Struct
from syncbot.toml import quoted, spell

_TABLES = ("fields", "kind", "status", "priority", "flagged", "function", "requires", "links", "derive")
_KEYS = {
    "kind": ("ignore", "goal", "milestone", "feature", "task"),
    "status": ("dropped", "done", "paused", "doing", "ready", "planned"),
}
_HEADS = {
    "fields": "of a list, the first that is filled",
    "kind": "the first that fits",
    "status": "the first that fits",
    "priority": "1 is the highest",
    "function": "what kind of work it is",
    "requires": "which of these a feature may not do without",
    "derive": "items that are no records of their own",
}
_WIDEST = 56  # columns; what is wider does not push the evidence of the others away
_WIDTH = 116


class _Row(Struct, frozen=True):
    """A value as TOML, and what speaks for it."""

    value: str
    why: str
    sure: bool


def write(title: Sequence[str], guesses: Sequence[Guess], left: Sequence[Left], scopes: dict[str, Guess]) -> str:
    """The text of the file. ``scopes``: what a plain item is in scopes where it is something else."""
    lines = [*(line for part in title for line in _comment(part)), "", "version = 1"]
    for table in _TABLES:
        own = [guess for guess in gathered(guesses) if guess.table == table]
        notes = [note for note in left if note.what == table]
        if not own and not notes:
            continue
        head = f"# {_HEADS[table]}" if table in _HEADS else ""
        lines += ["", f"{f'[{table}]':<20}{head}".rstrip() if own else f"# [{table}]"]
        lines += [line for note in notes for line in _comment(note.said)]
        lines += _table(table, own)
    for scope, plain in scopes.items():
        lines += ["", f"[{spell(('scope', scope, 'kind'))}]", *_table("kind", [plain])]
    unused = [note for note in left if note.what in {"field", "label"}]
    if unused:
        lines += ["", "# Not guessed:", *(line for note in unused for line in _comment(note.said, "#   "))]
    return "\n".join(lines) + "\n"


def _keys(table: str, guesses: Sequence[Guess]) -> list[str]:
    """The keys in the order in which they count; what takes everything is last."""
    order = _KEYS.get(table, ())
    keys = sorted(
        dict.fromkeys(guess.key for guess in guesses), key=lambda it: order.index(it) if it in order else len(order)
    )
    if table == "priority":
        keys.sort()
    rest = [guess.key for guess in guesses if guess.about == "" and guess.sure]
    return [*(key for key in keys if key not in rest), *rest]


def _table(table: str, guesses: Sequence[Guess]) -> Iterator[str]:
    """The lines of a table, what speaks for each in one column."""
    keys = _keys(table, guesses)
    wide = max(map(len, keys), default=0)
    entries = [(f"{key:<{wide}}", list(_rows(guess for guess in guesses if guess.key == key))) for key in keys]
    single = [len(f"{key} = {rows[0].value}") + 2 * (not rows[0].sure) for key, rows in entries if len(rows) == 1]
    column = max((width for width in single if width <= _WIDEST), default=0)
    for key, rows in entries:
        yield from _entry(key, rows, column)


def _entry(key: str, rows: Sequence[_Row], column: int) -> Iterator[str]:
    """A key with one value, or with a list of them; wholly commented out where nothing is sure."""
    sure = any(row.sure for row in rows)
    hidden = "" if sure else "# "
    if len(rows) == 1:
        yield _beside(f"{hidden}{key} = {rows[0].value}", rows[0].why, column)
        return
    column = max((len(row.value) + 3 for row in rows if len(row.value) + 3 <= _WIDEST), default=0)
    yield f"{hidden}{key} = ["
    for row in rows:
        start = "  " if row.sure else "# " if sure else "#   "
        yield _beside(f"{start}{row.value},", row.why, column)
    yield f"{hidden}]"


def _rows(guesses: Iterable[Guess]) -> Iterator[_Row]:
    """A line each; link types stand in a plain list of names."""
    for guess in guesses:
        why = guess.why if guess.sure else f"doubtful: {guess.why}"
        for value in map(quoted, guess.names) if guess.about == "link" else (guess.value,):
            yield _Row(value, why, guess.sure)


def _beside(line: str, why: str, column: int) -> str:
    return f"{line:<{column}}  # {why}" if why else line


def _comment(text: str, start: str = "# ") -> list[str]:
    """A comment, broken between words so that it can be read without scrolling."""
    return wrap(text, _WIDTH, initial_indent=start, subsequent_indent=start, break_on_hyphens=False)
