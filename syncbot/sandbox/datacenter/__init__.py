"""Jira Data Center's REST API (version 2, and agile) over the same projects as the Cloud's."""

from syncbot.sandbox.datacenter import routes, search
from syncbot.sandbox.http import Answer, Endpoint, Tool

TOOL = Tool(
    "dc",
    routes.check,
    (
        Endpoint("GET", "/rest/api/2/search", search.search_get),
        Endpoint("POST", "/rest/api/2/search", search.search_post, reads=True),
        *routes.ENDPOINTS,
    ),
    missing=Answer({"errorMessages": ["dead link: this resource does not exist"], "errors": {}}, 404),
    headers={
        "X-AREQUESTID": "sandbox",
        "X-RateLimit-Limit": "500",
        "X-RateLimit-Remaining": "499",
        "X-RateLimit-Interval-Seconds": "1",
        "X-RateLimit-FillRate": "50",
    },
)
