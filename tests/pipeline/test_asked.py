"""How people may put it when they ask us for something, and what they are told when they put it otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncbot.pipeline.asked import Asked, is_asked, parse

TODAY = "2026-11-23"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("syncbot snooze 1a2b3c4d 2w because the vendor is late", ("1a2b3c4d", "2026-12-07", "the vendor is late")),
        ("Syncbot Snooze 1a2b3c4d for 10 days because X", ("1a2b3c4d", "2026-12-03", "X")),
        ("@syncbot snooze 2w because frozen", (None, "2026-12-07", "frozen")),
        ("  syncbot snooze because we are\nfrozen ", (None, "2026-12-07", "we are frozen")),
        ("syncbot waive PAY-12 until 2027-01-31 because Ada joins", ("PAY-12", "2027-01-31", "Ada joins")),
        ("syncbot waive PAY-12 because it is known, because", ("PAY-12", "2027-02-21", "it is known, because")),
        ("syncbot waive `1a2b3c4d`, 3w BECAUSE so", ("1a2b3c4d", "2026-12-14", "so")),
        ("syncbot waive https://trello.com/c/Ab12 3d because so", ("https://trello.com/c/Ab12", "2026-11-26", "so")),
        ("syncbot snooze 2024w because so", None),
        ("syncbot snooze 2026-11-22 because so", None),
        ("syncbot snooze 2026-02-30 because so", None),
        ("syncbot snooze 999w because so", None),
        ("syncbot snooze PAY-1", None),
        ("syncbot snooze PAY-1 because  ", None),
        ("syncbot waive because so", None),
        ("syncbot waive PAY-1 PAY-2 because so", None),
    ],
)
def test_a_request_is_read_as_it_is_meant_or_answered_with_what_it_lacks(text: str, asked: tuple | None):
    assert is_asked(text)
    found = parse(text, TODAY)
    if asked is None:
        assert isinstance(found, str)
    else:
        assert found == Asked(*asked)


@pytest.mark.parametrize(
    "text", ["", "I think syncbot snooze is nice", "syncbots snooze", "syncbot, hello", "snooze 2w"]
)
def test_what_is_not_for_us_is_left_alone(text: str):
    assert not is_asked(text)


@given(st.text(), st.sampled_from(["snooze", "waive"]))
def test_whatever_people_write_is_understood_or_refused(text: str, verb: str):
    found = parse(f"syncbot {verb} {text}", TODAY)
    if isinstance(found, Asked):
        assert TODAY <= found.until <= "2028-11-24"
        assert found.reason.strip()
        assert "\n" not in found.reason
