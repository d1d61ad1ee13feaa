"""What a read is measured against: the same bytes fetched raw, and the SDK's own objects."""

from __future__ import annotations

import time
from typing import NamedTuple

import asana
import msgspec
import requests
import trello
import urllib3
from jira import JIRA

from connectors.asana.records import opt_fields
from connectors.trello.api import connect_api
from syncbot import config as configs
from syncbot.config import Config
from syncbot.sandbox.settings import ENVIRONMENT

USER = "syncbot@payments.example"
PAGE = 100
"""How many issues Jira and tasks Asana gives in one answer."""


class Read(NamedTuple):
    """What one read of everything took: CPU, the part of it that fetched and parsed, wall; and what it asked.

    ``inserting``: CPU of SQLite for taking in the same rows, and of nothing else.
    """

    count: int
    cpu: float
    fetching: float
    wall: float
    again: float
    inserting: float
    theirs: float
    urls: list[str]
    scopes: list[str]
    fields: list[str]
    base: str


ALWAYS = (
    "summary",
    "issuetype",
    "status",
    "resolution",
    "priority",
    "labels",
    "project",
    "parent",
    "issuelinks",
    "created",
    "updated",
    "creator",
    "resolutiondate",
    "statuscategorychangedate",
    "security",
    "description",
)
JQL = "project in (PAY, RISK) order by created"


class _Token(msgspec.Struct, rename="camel"):
    next_page_token: str | None = None


def raw_jira(read: Read) -> float:
    """CPU seconds to fetch every page through the SDK's session: body read, only the page token parsed."""
    session = _jira(read)._session  # noqa: SLF001  # the SDK offers no other way to its session
    query: dict[str, str] = {"jql": JQL, "fields": ",".join(read.fields), "maxResults": str(PAGE)}
    began, token = time.process_time(), ""
    while token is not None:
        answer = session.get(f"{read.base}/rest/api/3/search/jql", params=query)
        token = msgspec.json.decode(answer.content, type=_Token).next_page_token
        query["nextPageToken"] = token or ""
    return time.process_time() - began


def sdk_jira(read: Read, _: Config) -> float:
    """CPU seconds to have every issue as an object of the SDK."""
    sdk = _jira(read)
    began = time.process_time()
    found = sdk.enhanced_search_issues(JQL, maxResults=0, fields=read.fields)
    assert len(found) >= read.count
    return time.process_time() - began


def _jira(read: Read) -> JIRA:
    options = {"server": read.base, "rest_api_version": "3", "check_update": False}
    sdk = JIRA(options, basic_auth=(USER, ENVIRONMENT["JIRA_TOKEN"]), get_server_info=False, max_retries=0)
    sdk.deploymentType = "Cloud"
    return sdk


def raw_trello(read: Read) -> float:
    """CPU seconds to send the same requests once more."""
    session = requests.Session()
    key, token = ENVIRONMENT["TRELLO_KEY"], ENVIRONMENT["TRELLO_TOKEN"]
    session.headers["Authorization"] = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'
    paths = [url.partition(" ")[2] for url in read.urls]
    began = time.process_time()
    for path in paths:
        session.get(read.base + path, timeout=60).raise_for_status()
    return time.process_time() - began


def sdk_trello(read: Read, config: Config) -> float:
    """CPU seconds to have every card as an object of the SDK; it asks through our session, for it knows one site."""
    api = connect_api(configs.settings(config, config.connections["roadmap"], ENVIRONMENT))
    sdk = trello.TrelloClient(api_key=ENVIRONMENT["TRELLO_KEY"], token=ENVIRONMENT["TRELLO_TOKEN"], http_service=api)
    began = time.process_time()
    count = sum(len(board.all_cards()) for board in sdk.list_boards())
    assert count >= read.count
    api.close()
    return time.process_time() - began


def raw_asana(read: Read) -> float:
    """CPU seconds to fetch every page of tasks: body read, only the place of the next page parsed."""
    pool = urllib3.PoolManager()
    headers = {"Authorization": f"Bearer {ENVIRONMENT['ASANA_TOKEN']}", "Accept-Encoding": "gzip"}
    query = {"limit": str(PAGE), "opt_fields": opt_fields(frozenset(read.fields))}
    began = time.process_time()
    for project in read.scopes:
        url = f"{read.base}/api/1.0/projects/{project}/tasks"
        place: dict[str, str] | None = {}
        while place is not None:
            answer = pool.request("GET", url, fields={**query, **place}, headers=headers)
            following = msgspec.json.decode(answer.data, type=_Tasks).next_page
            place = {"offset": following.offset} if following else None
    return time.process_time() - began


class _Place(msgspec.Struct):
    offset: str


class _Tasks(msgspec.Struct):
    next_page: _Place | None


def sdk_asana(read: Read, config: Config) -> float:
    """CPU seconds to have every task as the SDK gives it, with the same fields."""
    configuration = asana.Configuration()
    configuration.host = f"{read.base}/api/1.0"
    configuration.access_token = ENVIRONMENT["ASANA_TOKEN"]
    client = asana.ApiClient(configuration)
    client.default_headers["Accept-Encoding"] = "gzip"
    assert config.connections["marketing"].tool == "asana"
    fields = opt_fields(frozenset(read.fields))
    began = time.process_time()
    tasks = asana.TasksApi(client)
    for project in read.scopes:
        for _ in tasks.get_tasks_for_project(project, {"limit": PAGE, "opt_fields": fields}):
            pass
    return time.process_time() - began
