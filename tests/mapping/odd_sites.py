"""The sandbox's company as other companies would have set it up: in other languages, with other habits.

Each edit leaves the work itself alone, so what it is stays what the presets say of the company as it comes.
"""

from __future__ import annotations

from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import AsanaField, AsanaOption

JIRA_FIELDS = {
    "customfield_10015": "Geplanter Start",
    "customfield_10016": "Schätzung (Punkte)",
    "customfield_10028": "Story-Punkte",
    "customfield_10021": "Markiert",
    "duedate": "Fälligkeitsdatum",
    "assignee": "Zugewiesene Person",
    "fixVersions": "Lösungsversion(en)",
}
JIRA_WORDS = {
    "To Do": "Zu erledigen",
    "Selected for Development": "Freigegeben",
    "In Progress": "In Arbeit",
    "In Review": "In Prüfung",
    "Epic": "Vorhaben",
    "Story": "Anforderung",
    "Task": "Aufgabe",
    "Sub-task": "Unteraufgabe",
    "Bug": "Fehler",
    "Highest": "Höchste",
    "High": "Hoch",
    "Medium": "Mittel",
    "Low": "Niedrig",
    "Lowest": "Niedrigste",
    "Won't Do": "Wird nicht gemacht",
    "Duplicate": "Duplikat",
}


def german_jira(sandbox: Sandbox) -> None:
    """A site in German whose big things are of a type that no word list has."""
    jira = sandbox.world.jira
    for id_, name in JIRA_FIELDS.items():
        jira.fields[id_].name = name
    for words in (jira.statuses, jira.types, jira.priorities, jira.resolutions):
        for word in words.values():
            word.name = JIRA_WORDS.get(word.name, word.name)
    jira.link_types["10000"].name = "Blockiert"


def rename_lists(sandbox: Sandbox, names: dict[str, str]) -> None:
    for one in sandbox.world.trello.lists.values():
        one.name = names.get(one.name, one.name)


def german_trello(sandbox: Sandbox) -> None:
    """A board in German, goals included."""
    rename_lists(
        sandbox,
        {
            "Ideas": "Ideenspeicher",
            "Next": "Demnächst",
            "Now": "In Umsetzung",
            "Done": "Geliefert",
            "Reports": "Berichte",
        },
    )
    for label in sandbox.world.trello.labels.values():
        label.name = label.name.replace("Goal: ", "Ziel: ").replace("template", "Vorlage")


def decorated_trello(sandbox: Sandbox) -> None:
    """A board whose lists are numbered, limited and painted, one of them misspelt, with points in the titles."""
    rename_lists(
        sandbox,
        {"Ideas": "💡 Ideas", "Next": "2. Up Next", "Now": "In progess", "Done": "✅ Done ✅", "Reports": "📊 Reports"},
    )


def french_asana(sandbox: Sandbox) -> None:
    """Projects in French."""
    asana = sandbox.world.asana
    for section in asana.sections.values():
        french = {"To do": "Ouvert", "Doing": "En développement", "Done": "Livré", "Reports": "Rapports"}
        section.name = french[section.name]
    for field in asana.fields.values():
        field.name = {"Priority": "Priorité", "Estimated hours": "Heures estimées"}.get(field.name, field.name)
        for option in field.options:
            option.name = {"High": "Haute", "Medium": "Moyenne", "Low": "Basse"}[option.name]


def topical_asana(sandbox: Sandbox) -> None:
    """Projects whose sections are topics, while a field tells how far a task is."""
    asana = sandbox.world.asana
    words = {"To do": "Not started", "Doing": "Working on it", "Done": "Delivered"}
    options = {name: AsanaOption(asana.next_gid(), name) for name in words.values()}
    created = next(iter(asana.fields.values())).created
    stage = AsanaField(asana.next_gid(), "Stage", "enum", created, list(options.values()))
    asana.fields[stage.gid] = stage
    for project in asana.projects.values():
        project.fields[asana.next_gid()] = stage.gid
    for task in asana.tasks.values():
        for section in task.places.values():
            task.values[stage.gid] = options[words[asana.sections[section].name]].gid
    for section in asana.sections.values():
        section.name = {"To do": "Press", "Doing": "Web", "Done": "Fairs"}.get(section.name, section.name)


ODD = {
    "Jira in German": ("jira", german_jira),
    "Data Center in German": ("dc", german_jira),
    "Trello in German": ("trello", german_trello),
    "Trello, painted lists": ("trello", decorated_trello),
    "Asana in French": ("asana", french_asana),
    "Asana, stages in a field": ("asana", topical_asana),
}
