"""Runs of the papers' profiles that take a third of a second: few neurons, three epochs, the embedded digits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sparsegraph.training.profiles import find_profile
from sparsegraph.training.request import Request
from sparsegraph.training.run import RunOptions, train_run

EPOCHS = 3
SMALL = {"data": "digits", "epochs": EPOCHS}


def train_tiny(profile: str, folder: Path, *, seed: int = 0, topology: Path | None = None, **changes: Any) -> Path:
    """Train a profile with small layers and tell in the run's record only what a test asked for.

    The size is the test's own business, so that figures take the run for one of the profile as it is.
    """
    found = find_profile(profile)
    size: dict[str, Any] = {} if found.recipe.kind == "dense" and not found.recipe.pruned_after else {"sparsity": 0.8}
    if isinstance(found.hidden, tuple):
        size["hidden"] = "-".join(["30", "20", "30"][: len(found.hidden)])
    if found.update_unit == "step":
        size["update_every"] = "15 steps"
    if topology is not None:
        changes["topology"] = str(topology)
    request = Request(profile, seed=seed, **(SMALL | size | changes))
    path = folder / f"{len(list(folder.iterdir())):02}_{profile}_seed{seed}"
    train_run(request, path, options=RunOptions(snapshots_every=1))
    _forget(path, set(size) - set(changes))
    return path


def _forget(path: Path, names: set[str]) -> None:
    config = path / "config.json"
    content = json.loads(config.read_text(encoding="utf-8"))
    for name in names:
        content["configuration"]["request"].pop(name, None)
    config.write_text(json.dumps(content), encoding="utf-8")
