"""Jira Cloud's platform and agile REST APIs over the world's projects."""

from syncbot.sandbox.http import Answer, Endpoint, Tool
from syncbot.sandbox.jira import access, admin, agile, changes, issues, search

TOOL = Tool(
    "jira",
    access.check,
    (
        *access.ENDPOINTS,
        *admin.ENDPOINTS,
        *agile.ENDPOINTS,
        Endpoint("GET", "/rest/api/3/search/jql", search.search_get),
        Endpoint("POST", "/rest/api/3/search/jql", search.search_post, reads=True),
        Endpoint("POST", "/rest/api/3/search/approximate-count", search.approximate_count, reads=True),
        Endpoint("POST", "/rest/api/3/issue/bulkfetch", search.bulk_fetch, reads=True),
        Endpoint("POST", "/rest/api/3/changelog/bulkfetch", changes.bulk, reads=True),
        Endpoint("GET", "/rest/api/3/search", search.gone),
        Endpoint("POST", "/rest/api/3/search", search.gone, reads=True),
        *issues.ENDPOINTS,
    ),
    missing=Answer({"errorMessages": ["dead link: this resource does not exist"], "errors": {}}, 404),
    headers={"X-AREQUESTID": "sandbox", "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "99"},
)
