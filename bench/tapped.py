"""A Singer tap that asks the sandbox: ``PYTHON -P tapped.py TAP SITE [what the tap itself takes]``.

Run by the interpreter that has the tap. The taps know one site each and speak https: that alone is changed here, and
what the sandbox cannot answer; none of their files is.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def jira(site: str) -> None:
    """Version 3 of the API is all that the sandbox speaks; its searches tell no history."""
    client = import_module("tap_jira.http").Client
    ask = client.request

    def request(self: Any, *arguments: Any, **options: Any) -> Any:
        answer = ask(self, *arguments, **options)
        for issue in answer.get("issues", ()):
            issue.setdefault("changelog", {"histories": []})
            issue.setdefault("transitions", [])
        return answer

    client.request = request
    client.url = lambda _, path: f"{site}/jira{path}".replace("/rest/api/2/", "/rest/api/3/")


def asana(site: str) -> None:
    """The sandbox knows no OAuth: what would be refreshed is the token itself."""
    configuration = import_module("asana").Configuration
    configuration.host = property(lambda _: f"{site}/asana/api/1.0", lambda _, host: None)  # noqa: ARG005
    import_module("tap_asana.asana").Asana.refresh_access_token = lambda self: self.refresh_token


def trello(site: str) -> None:
    """The sandbox wants one slash where the tap sends two."""
    client = import_module("tap_trello.client").Client
    ask = client._Client__make_request  # noqa: SLF001  # where all its requests pass

    def make_request(self: Any, method: str, endpoint: str, **options: Any) -> Any:
        path = endpoint.removeprefix("https://api.trello.com/1").lstrip("/")
        return ask(self, method, f"{site}/trello/1/{path}", **options)

    client._Client__make_request = make_request  # noqa: SLF001


if __name__ == "__main__":
    _, tap, site, *rest = sys.argv
    {"tap-jira": jira, "tap-asana": asana, "tap-trello": trello}[tap](site)
    sys.argv = [tap, *rest]
    sys.exit(import_module(tap.replace("-", "_")).main())
