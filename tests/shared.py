"""Specifications and real payloads stand beside the checkout, not in it; tests that need them ask here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("SYNCBOT_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def shared(path: str) -> Path:
    """The file or folder below ``../shared`` (or ``$SYNCBOT_SHARED``); the test is skipped where it is missing."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs ../shared/{path}")
    return found
