"""The connectors, one module or package per tool, and the only registry of them."""
