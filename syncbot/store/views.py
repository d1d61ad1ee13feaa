"""The views of the model: the public contract of rules and of the admin's own SQL, the same on both engines.

Each view selects from the tables of `syncbot.store.schema`; tables whose name already is the public one (``trust``,
``effort``, ...) need none. Work that a census no longer found is in ``items`` only, told by ``seen``.
"""

from __future__ import annotations

from sqlalchemy import Connection

_ITEM = """
    i.id, i.connection, i.remote_id, i.ref, i.url, i.kind, i.side, i.title, i.title_key, i.status, i.word, i.is_open,
    i.is_committed, i.is_flagged, i.priority, i.owner_id, i.team_id, i.function, i.requires, i.points, i.minutes,
    i.left_minutes, i.spent_minutes, i.start_on, i.start_day, i.due_on, i.due_day, i.created_day, i.changed_day,
    i.started_day, i.done_day, i.description_words, i.has_reason, i.parent_id, i.group_id, i.feature_id, i.goal_id,
    i.home_scope_id, i.seen"""

VIEWS: dict[str, str] = {
    "items": f"select {_ITEM} from item i",
    "features": """
        select f.id, f.group_id, i.title, i.url, i.ref, f.connection, f.side, f.status, f.word, f.is_open,
            f.is_committed, f.is_waiting, f.priority, f.owner_id, f.lead_id, f.goal_id, f.due_on, f.due_day, f.done_day,
            f.work_open, f.work_doing, f.work_done, f.effort_minutes, f.effort_points, f.scope_id
        from feature f left join item i on i.id = f.id
        where f.seen = 'here'""",
    "tasks": f"select {_ITEM} from item i where i.kind = 'task' and i.seen = 'here'",
    "milestones": f"""
        select {_ITEM}, i.status = 'done' as released
        from item i where i.kind = 'milestone' and i.seen = 'here'""",
    "goals": f"""
        select {_ITEM}, g.share, g.state
        from item i left join goal g on g.id = i.id where i.kind = 'goal' and i.seen = 'here'""",
    "memberships": "select m.item_id, m.scope_id, m.section, m.position, m.is_home from membership m",
    "assignees": "select a.item_id, a.person_id, a.account_id, a.role, a.share from assignee a",
    "people": """
        select p.id, p.name, p.active, p.is_bot, p.weekly_minutes, p.region, p.timezone, p.roles from person p""",
    "accounts": """
        select a.id, a.connection, a.remote_id, a.name, a.email_key, a.active, a.person_id, a.matched_by
        from account a""",
    "teams": "select t.id, t.name, t.lead_id from team t",
    "team_people": "select t.team_id, t.person_id, t.share from team_person t",
    "team_boards": "select t.team_id, t.board from team_board t",
    "links": "select l.from_id, l.to_id, l.type, l.origin from link l",
    # Nothing is known of an account without a name, once it was asked for: its tool has deleted it, or does not tell.
    "unmapped_words": """
        select u.record_id as item_id, u.facet, u.word from unmapped u
        union select x.item_id, 'person', a.remote_id
        from assignee x join account a on a.id = x.account_id
        where a.name = '' and a.is_asked and a.matched_by = 'account'""",
    "link_suggestions": "select l.from_id, l.to_id, l.type, l.score from link_suggestion l",
    "sprints": """
        select s.id, s.name, s.board, s.state, s.team_id, s.start_on, s.start_day, s.end_on, s.end_day, s.closed_day,
            s.goal, s.scope_id
        from sprint s where s.is_known""",
    "item_sprints": "select x.item_id, x.sprint_id, x.is_current, x.added_day, x.removed_day from item_sprint x",
    "changes": """
        select c.item_id, c.field, c.old, c.new, c.at, c.day, c.account_id, i.connection, i.ref
        from change c join item i on i.id = c.item_id""",
    "snapshots": "select s.id, s.of, s.of_id, s.event, s.taken_day, s.rebuilt, s.start_on, s.due_on from snapshot s",
    "snapshot_items": "select s.snapshot_id, s.item_id, s.points, s.minutes, s.status, s.due_on from snapshot_item s",
    "metrics": "select m.id, m.feature_id, m.name, m.target, m.direction from metric m",
    "readings": "select r.metric_id, r.day, r.value, r.provisional from reading r",
    "scopes": """
        select s.id, s.connection, s.remote_id, s.name, s.side, s.team_id from scope s where s.is_configured""",
    # A connection is as old as its oldest scope, and complete only if each of its scopes is.
    "connections": """
        select c.name, c.tool, min(s.complete_day) as read_day,
            min(case when s.is_complete then 1 else 0 end) = 1 as complete
        from connection c left join scope s on s.connection = c.name and s.is_configured
        where c.is_configured
        group by c.name, c.tool""",
    "findings": """
        select f.rule, f.fingerprint, f.subject, f.side, f.person_id, f.severity, f.state, f.first_day, f.last_day,
            f.checked_day, f.edition
        from finding f""",
}


def create(db: Connection) -> None:
    """Make the views; what a view reads must be there."""
    for name, query in VIEWS.items():
        db.exec_driver_sql(f"create view {name} as {query}")


def drop(db: Connection) -> None:
    """Take the views away, so that tables can be changed."""
    for name in VIEWS:
        db.exec_driver_sql(f"drop view if exists {name}")
