"""The configuration with which syncbot reads a running sandbox."""

from __future__ import annotations

from importlib.resources import files

from syncbot.sandbox.company import ASANA_TOKEN, JIRA_TOKEN, TRELLO_KEY, TRELLO_TOKEN
from syncbot.sandbox.server import Sandbox

ENVIRONMENT = {
    "JIRA_TOKEN": JIRA_TOKEN,
    "TRELLO_KEY": TRELLO_KEY,
    "TRELLO_TOKEN": TRELLO_TOKEN,
    "ASANA_TOKEN": ASANA_TOKEN,
}


def config_text(sandbox: Sandbox) -> str:
    """The company's config.toml, complete for this sandbox; it expects the variables of `ENVIRONMENT`."""
    text = files("syncbot.sandbox").joinpath("company.toml").read_text(encoding="utf-8")
    ada = next(one.id for one in sandbox.world.jira.users.values() if one.name == "Ada Park")
    urls = {"jira": sandbox.jira_url, "trello": sandbox.trello_url, "asana": sandbox.asana_url}
    for name, value in {**urls, "ada": ada}.items():
        text = text.replace(f'"{{{name}}}"', f'"{value}"')
    return text
