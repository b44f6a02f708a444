"""The user's cache folder, by the platform's convention, and where what sparsegraph found before is kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "SPARSEGRAPH_CACHE"
"""Environment variable that names the folder for caches."""


def user_cache() -> Path:
    """Folder in which programs keep what they can make again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def cache_folder(name: str) -> Path:
    """The folder of this name in ``SPARSEGRAPH_CACHE`` where it is set, else in the user's cache of sparsegraph."""
    named = os.environ.get(VARIABLE)
    return (Path(named).expanduser() if named else user_cache() / "sparsegraph") / name
