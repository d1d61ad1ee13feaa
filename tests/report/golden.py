"""Outputs that people looked at and found good. SYNCBOT_GOLDEN=write keeps the new ones; look at their difference."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def golden(name: str, text: str) -> str:
    """The text that was found good under this name."""
    file = FOLDER / name
    if os.environ.get("SYNCBOT_GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8")
