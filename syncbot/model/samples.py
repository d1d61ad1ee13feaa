"""How a field is filled where somebody looked: what the admin recognises it by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from syncbot.model.kinds import Value
from syncbot.model.records import Field, FieldType

SAMPLES, LONGEST = 3, 40  # characters of one


def described(
    id_: str,
    name: str,
    type_: FieldType,
    held: Sequence[Value | None],
    *,
    custom: bool,
    scopes: Iterable[str] = (),
    shown: bool = True,
) -> Field:
    """A field with what records hold in it, None for nothing; only its share where that may not be ``shown``."""
    filled = [value for value in held if value is not None]
    return Field(
        id=id_,
        name=name,
        type=type_,
        custom=custom,
        scopes=tuple(scopes),
        filled_percent=100 * len(filled) // len(held) if held else None,
        samples=_samples(filled) if shown else (),
    )


def _samples(filled: Iterable[Value]) -> tuple[str, ...]:
    """The first few that differ, each on a line and no longer than that can be read in a table."""
    found: dict[str, None] = {}
    for value in filled:
        if len(found) == SAMPLES:
            break
        text = " ".join((", ".join(map(str, value)) if isinstance(value, tuple) else str(value)).split())
        found[text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"] = None
    return tuple(found)
