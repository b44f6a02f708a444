"""Stub, replaced soon."""

from __future__ import annotations

from typing import Any


def format_name(root: Any) -> str | None:
    """None."""
    return None
