"""Answers that no strict parser takes: an odd value costs itself, and nothing else of the answer."""

from __future__ import annotations

import msgspec
import pytest

from syncbot.transport.forgiving import Forgiving


class Thing(msgspec.Struct):
    id: str
    size: float | None = None
    count: int | None = None
    name: str = ""


PARSE = Forgiving("Tool", Thing).parse
BROKEN = "a\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        ('"size": 1e400', Thing("1")),
        ('"size": -1e400', Thing("1")),
        ('"size": NaN', Thing("1")),
        (f'"count": {"9" * 5000}', Thing("1")),
        ('"count": 1e400, "size": 0.5', Thing("1", size=0.5)),
        ('"name": "a\\ud83d"', Thing("1", name=BROKEN)),
        (f'"name": {"[" * 5000}{"]" * 5000}', Thing("1")),
    ],
)
def test_an_odd_value_costs_itself(odd: str, kept: Thing) -> None:
    assert PARSE(f'[{{"id": "1", {odd}}}, {{"id": "2"}}]'.encode(), list[Thing]) == [kept, Thing("2")]


def test_an_odd_value_costs_itself_also_in_a_part_that_is_parsed_later() -> None:
    parts = PARSE(b'[{"id": "1", "name": "a\\ud83d"}, {"id": "2"}]', list[msgspec.Raw])
    assert [PARSE(part, Thing) for part in parts] == [Thing("1", name=BROKEN), Thing("2")]
