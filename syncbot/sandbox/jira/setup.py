"""The fields of a Jira Cloud site, as a new one has them, and the custom ones of Jira Software."""

from syncbot.sandbox.world import JiraField


def default_fields() -> dict[str, JiraField]:
    """The fields of a new Cloud site that programs meet, and the custom ones of Jira Software."""
    types = "com.atlassian.jira.plugin.system.customfieldtypes:"
    gh = "com.pyxis.greenhopper.jira:"
    plain = {
        "summary": ("Summary", "string"),
        "description": ("Description", "string"),
        "created": ("Created", "datetime"),
        "updated": ("Updated", "datetime"),
        "duedate": ("Due date", "date"),
        "issuetype": ("Issue Type", "issuetype"),
        "status": ("Status", "status"),
        "priority": ("Priority", "priority"),
        "project": ("Project", "project"),
        "resolution": ("Resolution", "resolution"),
        "resolutiondate": ("Resolved", "datetime"),
        "assignee": ("Assignee", "user"),
        "reporter": ("Reporter", "user"),
        "creator": ("Creator", "user"),
        "security": ("Security Level", "securitylevel"),
        "timespent": ("Time Spent", "number"),
        "timeoriginalestimate": ("Original estimate", "number"),
        "timeestimate": ("Remaining Estimate", "number"),
        "timetracking": ("Time tracking", "timetracking"),
        "comment": ("Comment", "comments-page"),
        "statuscategorychangedate": ("Status Category Changed", "datetime"),
    }
    lists = {
        "labels": ("Labels", "string"),
        "fixVersions": ("Fix versions", "version"),
        "versions": ("Affects versions", "version"),
        "components": ("Components", "component"),
        "issuelinks": ("Linked Issues", "issuelinks"),
        "subtasks": ("Sub-tasks", "issuelinks"),
        "attachment": ("Attachment", "attachment"),
    }
    custom = (
        (10001, "Team", {"type": "team", "custom": types + "atlassian-team"}),
        (10014, "Epic Link", {"type": "any", "custom": gh + "gh-epic-link"}),
        (10012, "Parent Link", {"type": "any", "custom": "com.atlassian.jpo:jpo-custom-field-parent"}),
        (10015, "Start date", {"type": "date", "custom": types + "datepicker"}),
        (10016, "Story point estimate", {"type": "number", "custom": gh + "jsw-story-points"}),
        (10019, "Rank", {"type": "any", "custom": gh + "gh-lexo-rank"}),
        (10020, "Sprint", {"type": "array", "items": "json", "custom": gh + "gh-sprint"}),
        (10021, "Flagged", {"type": "array", "items": "option", "custom": types + "multicheckboxes"}),
        (10028, "Story Points", {"type": "number", "custom": types + "float"}),
        (10030, "Roadmap card", {"type": "string", "custom": types + "url"}),
    )
    found = {"issuekey": JiraField("issuekey", "Key", None), "parent": JiraField("parent", "Parent", None)}
    found |= {key: JiraField(key, name, {"type": kind, "system": key}) for key, (name, kind) in plain.items()}
    found |= {
        key: JiraField(key, name, {"type": "array", "items": kind, "system": key})
        for key, (name, kind) in lists.items()
    }
    for number, name, schema in custom:
        key = f"customfield_{number}"
        found[key] = JiraField(key, name, schema | {"customId": number}, custom=True)
    return found
