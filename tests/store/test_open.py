from sqlalchemy import text

from syncbot.store import Store
from syncbot.store.views import VIEWS


def test_views_are_there_and_empty(store: Store):
    with store.reading() as db:
        for view in VIEWS:
            assert db.execute(text(f"select * from {view}")).all() == []
