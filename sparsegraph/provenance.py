"""Where a result comes from: versions of the packages, and the commit of a source checkout."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import sparsegraph

_PACKAGES = ("numpy", "scipy", "numba", "torch")


def versions() -> dict[str, str | None]:
    """Versions of sparsegraph, Python and what computes; the commit if the package runs from a checkout."""
    found: dict[str, str | None] = {"sparsegraph": sparsegraph.__version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    found["commit"] = _commit(Path(sparsegraph.__file__).parent.parent)
    return found


def _commit(folder: Path) -> str | None:
    if not (folder / ".git").exists():
        return None
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None
