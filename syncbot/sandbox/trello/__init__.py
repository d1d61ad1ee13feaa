"""Trello's REST API over the world's boards."""

from syncbot.sandbox.http import Answer, Call, Fail, Tool


def check(call: Call) -> str:
    """The member whose key and token these are, or 401 as Trello says it."""
    member = call.world.trello.tokens.get((call.query.get("key", ""), call.query.get("token", "")))
    if member is None:
        raise Fail(401, "invalid key")
    return member


TOOL = Tool("trello", check, (), Answer("Not found", 404))
