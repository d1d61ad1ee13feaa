"""The launches in Asana: what goes wrong with them, and what only looks so."""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import mutation, step

WALLETS, SCORE = "Launch wallets 💳", "Launch risk score"
LETTER = "מכתב ללקוחות (letter to customers)"


@mutation(("work-without-assignee", "Page for Zürich, Øresund & Łódź"))
def launch_work_abandoned(edits: Edits) -> None:
    """A step of a launch is under way with nobody on it."""
    edits.set(step(edits, "Page for Zürich, Øresund & Łódź"), assignee=None)


@mutation(("work-without-assignee", LETTER))
def launch_work_started_by_nobody(edits: Edits) -> None:
    """A step is dragged to Doing, and its assignee has left it."""
    letter = step(edits, LETTER)
    edits.shift(letter, SCORE, "Doing")
    edits.set(letter, assignee=None)


@mutation(("source-stale", WALLETS), ("source-stale", SCORE), hours=25)
def launches_hidden(edits: Edits) -> None:
    """Asana no longer knows the token, and a day goes by."""
    edits.set(edits.world.asana, tokens={})


@mutation()
def trap_launch_step_done(edits: Edits) -> None:
    """A step that is done has nobody any more, and still lies in Doing."""
    post = step(edits, "Collect quotes from the pilot")
    edits.shift(post, WALLETS, "Doing")
    edits.set(post, assignee=None)


@mutation()
def trap_launch_part_unassigned(edits: Edits) -> None:
    """A subtask has nobody of its own, its step has."""
    edits.set(step(edits, "Script"), assignee=None)


@mutation()
def trap_launch_step_in_parts(edits: Edits) -> None:
    """A step under way has nobody of its own, its subtasks have."""
    film = step(edits, "Record a one-minute film")
    edits.shift(film, WALLETS, "Doing")
    edits.set(film, assignee=None)


@mutation()
def trap_under_way_elsewhere(edits: Edits) -> None:
    """A step that is not begun lies in another launch's Doing, too: at home it is only to do."""
    brief = step(edits, "Brief the sales team")
    edits.set(brief, assignee=None)
    edits.shift(brief, SCORE, "Doing")


@mutation()
def trap_milestone_unassigned(edits: Edits) -> None:
    """Nobody is assigned to a milestone: it is a date, not work."""
    edits.set(step(edits, "Apple Pay & Google Pay 💳 is public"), assignee=None)


@mutation()
def trap_foreign_marker_in_asana(edits: Edits) -> None:
    """Somebody's own task quotes our marker."""
    post = step(edits, "Write the launch post")
    edits.set(post, html_notes="<body>What is this?\nsyncbot:v1:0123456789abcdef</body>")
