"""Who is calling, and what the site says of itself."""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.http import Call, Fail, basic


def check(call: Call) -> str:
    """The account of an e-mail and its API token, or 401 as Jira says it."""
    given = basic(call)
    token, account = call.world.jira.tokens.get(given[0] if given else "", ("", ""))
    if given is None or given[1] != token:
        raise Fail(
            401, "Client must be authenticated to access this resource.", {"WWW-Authenticate": 'OAuth realm="x"'}
        )
    return account


def server_info(call: Call) -> dict[str, Any]:
    """GET serverInfo."""
    return {
        "baseUrl": call.base,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100290,
        "serverTitle": "Jira",
    }
