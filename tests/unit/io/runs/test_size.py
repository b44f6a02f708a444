"""What a run takes on the disk, against the budget: 300 snapshots in 300 MB, 300 topology snapshots in 60 MB."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from evolving import survival_run

from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.writer import RunWriter

N_FILES = 16
"""One of them with whole masks, as among any 16 in a row, and zeta from 0.5 to 0: their mean is that of 300."""


@pytest.mark.parametrize("every", [1, 2])
def test_snapshots_and_topology_keep_to_the_budget(tmp_path: Path, every: int) -> None:
    """Also where every other update is left out, and masks cannot be told by the events of one update."""
    rng = np.random.default_rng(0)
    with RunWriter.create(tmp_path / "run", {}) as writer:
        for now in survival_run(N_FILES * every, rng):
            assert sum(mask.n_links for mask in now.masks) == 183_757
            if now.number % every == 0:
                writer.snapshot(now)
                writer.topology(now)
                last = now
    sizes = {
        kind: sum(path.stat().st_size for path in (tmp_path / "run" / kind).iterdir()) / N_FILES
        for kind in ("snapshots", "topology")
    }
    assert 300 * sizes["snapshots"] <= 300e6
    assert 300 * sizes["topology"] <= 60e6
    final = open_run(tmp_path / "run").topology[-1]
    np.testing.assert_array_equal(final.masks[0].positions, last.masks[0].positions)
