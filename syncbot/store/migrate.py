"""Bring a store to this version's tables and views, in one transaction.

A new one is made by a script that says what all migrations lead to (``made/``, which ``make docs`` writes from the
schema): it takes a tenth of what loading and running them does.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from syncbot.errors import UserError
from syncbot.store import views
from syncbot.store.schema import REVISION

FOLDER = Path(__file__).parent / "migrations"
MADE = Path(__file__).parent / "made"


def revision(db: Connection) -> str | None:
    """The store's revision; None for a new one."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.scalar(text("select version_num from alembic_version"))
    return found


def migrate(db: Connection) -> None:
    """Create or upgrade everything. Raises UserError for a store that a newer version has migrated."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("select pg_advisory_xact_lock(hashtext('syncbot migrate'))")
    found = revision(db)  # again, now that no other process can migrate
    if found == REVISION:
        return
    if found is None:
        _make(db)
    else:
        views.drop(db)
        upgrade(db, found)
    views.create(db)


def revisions() -> frozenset[str]:
    """Every revision that this version can bring up to date."""
    from alembic import script  # slow to load, and seldom needed

    return frozenset(one.revision for one in script.ScriptDirectory(str(FOLDER)).walk_revisions())


def _make(db: Connection) -> None:
    for statement in (MADE / f"{db.dialect.name}.sql").read_text(encoding="utf-8").split(";\n"):
        if statement:
            db.exec_driver_sql(statement)


def upgrade(db: Connection, found: str | None) -> None:
    """Run the migrations that a store lacks; None: all of them. Raises UserError for a newer one."""
    from alembic import command, config  # as above

    settings = config.Config(attributes={"connection": db})
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    if found is not None and found not in revisions():
        raise UserError(f"the store was made by a newer syncbot (revision {found}): use that version, or a new store")
    command.upgrade(settings, "head")
