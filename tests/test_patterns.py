"""Names compare in one way wherever people write them."""

from __future__ import annotations

import pytest

from syncbot.patterns import bare, covers, fold, matches


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("Doing", " doing ", True),
        ("STRASSE", "straße", True),
        ("Cafe\u0301", "caf\u00e9", True),
        ("Goal: *", "goal: cut failed payments", True),
        ("Goal: *", "Goals: all", False),
        ("*", "", True),
        ("a*c*e", "abcde", True),
        ("a*c*e", "abced", False),
        ("a.c", "abc", False),
        ("Sprint *", "Sprint 4\nnew", True),
        ("PAY", "PAYMENTS", False),
    ],
)
def test_patterns_match_after_folding(pattern, name, expected):
    assert matches(pattern, name) is expected


def test_any_of_the_names_is_enough():
    assert matches("10001", "PAY", "10001", "Payments")
    assert not matches("10002", "PAY", "10001", "Payments")


def test_folding_twice_changes_nothing():
    for name in ("İstanbul", "\u1e9e", "ﬀ", "A\u030a"):
        assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("\N{ROCKET} Launch", "launch"),
        ("Done \N{PARTY POPPER}", "done"),
        ("\N{BLACK RIGHT-POINTING TRIANGLE}\N{VARIATION SELECTOR-16} Now", "now"),
        ("\N{WOMAN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} Dev", "dev"),
        ("a \N{ROCKET} b", "a \N{ROCKET} b"),
        ("\N{ROCKET} \N{ROCKET}", "\N{ROCKET} \N{ROCKET}"),
        ("C++ \N{LATIN SMALL LETTER E WITH ACUTE}+", "c++ \N{LATIN SMALL LETTER E WITH ACUTE}+"),
        ("#1", "#1"),
    ],
)
def test_pictures_at_the_ends_of_a_name_need_not_be_written(name, expected):
    assert bare(name) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("delivery", True),
        ("Delivery/PAY", True),
        ("delivery/pay*", True),
        ("delivery/Payments / cards", True),
        ("*/PAY", True),
        ("delivery/RISK", False),
        ("roadmap", False),
        ("roadmap/PAY", False),
    ],
)
def test_places_cover_connections_or_scopes(pattern, expected):
    assert covers(pattern, "delivery", "PAY", "10001", "Payments / cards") is expected
