"""The user's cache folder, by the platform's convention."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def user_cache() -> Path:
    """Folder in which programs keep what they can make again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
