from tests.stores import postgresql, store, store_url

__all__ = ["postgresql", "store", "store_url"]
