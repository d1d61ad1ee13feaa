"""What syncbot stands on: what goes wrong with it."""

from __future__ import annotations

from syncbot.sandbox.edits import Edits
from syncbot.sandbox.mutations.register import mutation


@mutation(("source-stale", "PAY"), ("source-stale", "RISK"), hours=25)
def token_revoked(edits: Edits) -> None:
    """Jira no longer knows the token, and a day goes by."""
    edits.set(edits.world.jira, tokens={})
