"""When too much vanishes at once, a command asks a person, and says which one answers."""

from __future__ import annotations

import re

from syncbot.sandbox.cruelty.people import ELSEWHERE, take
from tests.cli.conftest import Desk


def test_the_command_that_accepts_it_is_named_and_works(desk: Desk) -> None:
    assert desk.run("pull").code == 0
    state = desk.sandbox.world.trello
    for card in [one for one in state.cards.values() if one.creator not in state.tokens.values()][1:]:
        take(desk.sandbox.world, card, next(iter(state.members)))
    said = desk.run("pull", "--accept-vanished", "Product *", "--connection", "roadmap")
    assert said.code == 0
    assert re.search(r"\d+ gone \(moved away\)", said.err)
    gone = next(one for one in state.cards.values() if state.boards[one.board].name == ELSEWHERE)
    assert "it is gone there (moved away)" in " ".join(desk.run("explain", gone.short_link).out.split())


def test_a_scope_that_nobody_reads_is_named(desk: Desk) -> None:
    said = desk.run("pull", "--accept-vanished", "Nowhere")
    assert said.code == 2
    assert '"Nowhere"' in said.err


def test_what_is_put_aside_can_be_tried_at_once(desk: Desk) -> None:
    desk.run("pull")
    assert desk.run("pull", "--retry", "--connection", "roadmap").code == 0
