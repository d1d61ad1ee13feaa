"""Plain requests to a sandbox's Asana, for tests."""

from __future__ import annotations

from typing import Any

import requests

from syncbot.sandbox.company import ASANA_TOKEN
from syncbot.sandbox.server import Sandbox


class Api:
    """Plain requests to a sandbox's Asana."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = f"{sandbox.asana_url}/api/1.0"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {ASANA_TOKEN}"

    def __call__(self, method: str, path: str, status: int = 200, data: Any = None, **query: object) -> Any:
        body = None if data is None else {"data": data}
        answer = self.session.request(method, self.base + path, params=query, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()["data"] if status < 400 else answer.json()

    def get(self, path: str, **query: object) -> Any:
        return self("GET", path, **query)

    def page(self, path: str, **query: object) -> Any:
        return self.session.get(self.base + path, params=query).json()

    def refused(self, method: str, path: str, status: int, data: Any = None, **query: object) -> str:
        return str(self(method, path, status, data, **query)["errors"][0]["message"])

    def project(self, name: str) -> str:
        workspace = self.get("/workspaces")[0]["gid"]
        return next(one["gid"] for one in self.get("/projects", workspace=workspace) if one["name"].startswith(name))
