from __future__ import annotations

import json
from pathlib import Path

import graphs
import numpy as np
import pytest
from stored import mlp, sparse_weights

import sparsegraph as sg
from sparsegraph.errors import LoadError


def saved(path: Path, state: dict[str, np.ndarray]) -> Path:
    np.savez(path, **state)
    return path


def test_every_tensor_with_its_numbers(tmp_path: Path) -> None:
    state = {**mlp(8, 5, 3), "fc1.mask": np.ones((5, 8), bool)}
    found = sg.inspect(saved(tmp_path / "a.npz", state))
    rows = {row.name: row for row in found.tensors}
    assert rows.keys() == state.keys()
    assert (rows["fc1.weight"].n_links, rows["fc1.weight"].density) == (40, 1.0)  # the mask keeps all 5 x 8
    n_second = np.count_nonzero(state["fc2.weight"])
    assert rows["fc2.weight"].sparsity == pytest.approx(1 - n_second / 15)
    assert (rows["fc1.mask"].role, rows["fc1.mask"].kept) == ("mask", True)
    assert (rows["fc1.bias"].kept, rows["fc1.bias"].n_links) == (False, None)
    assert found.n_links == 40 + n_second
    assert found.density == pytest.approx(found.n_links / 55)
    assert found.chains == ("8 - fc1 5 - fc2 3",)
    assert found.problem is None
    assert any("disagree" in warning for warning in found.warnings)
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ({"alpha": np.ones((4, 4)), "beta": np.ones((4, 4))}, "more than one order"),
        ({"counts": np.array([[3, 52], [4, 9]])}, "no weight matrix"),
        ({"a": np.full((2, 2), np.nan)}, "a holds 4 NaN"),
        ({"w.shape": np.array([4]), "w.compressed": np.ones(3), "w.bitmask": np.ones((1, 1), np.uint8)}, "two axes"),
        ({"z": np.ones((2, 2), complex)}, "no weight matrix"),
    ],
)
def test_never_fails_for_a_file_that_can_be_listed(tmp_path: Path, state: dict[str, np.ndarray], problem: str) -> None:
    found = sg.inspect(saved(tmp_path / "a.npz", state))
    assert problem in (found.problem or "")
    assert [row.name for row in found.tensors] == list(state)
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no such file"):
        sg.inspect(tmp_path / "missing.pt")


def test_own_checkpoint_shows_its_blocks(tmp_path: Path) -> None:
    graph = graphs.two_paths()
    sg.save(graph, tmp_path / "net.pt")
    found = sg.inspect(tmp_path / "net.pt")
    assert [row.n_links for row in found.tensors] == [block.n_links for block in graph.blocks]
    assert found.chains == ("input 4 - hidden1 4 - output 2",)
    assert (found.n_links, found.mask_origin) == (7, "stored entries")


def test_more_links_are_estimated_to_take_more(tmp_path: Path) -> None:
    small = sg.inspect(saved(tmp_path / "a.npz", {"fc1.weight": sparse_weights((50, 40))})).estimate
    large = sg.inspect(saved(tmp_path / "b.npz", {"fc1.weight": sparse_weights((500, 400))})).estimate
    assert small.memory_bytes < large.memory_bytes
    assert small.seconds <= large.seconds


def test_totals_leave_out_what_is_refused(tmp_path: Path) -> None:
    state = {"fc1.weight": sparse_weights((5, 8)), "fc2.weight": sparse_weights((4, 5)), "fc3.weight": np.ones((2, 4))}
    state["fc2.weight"][0, 0] = np.nan
    found = sg.inspect(saved(tmp_path / "a.npz", state))
    n_links = np.count_nonzero(state["fc1.weight"]) + 8
    assert (found.n_links, found.density) == (n_links, n_links / (5 * 8 + 2 * 4))
    assert found.chains == ("8 - fc1 5 - fc2 4 (refused) - fc3 2",)
    assert "totals and densities leave out what cannot be used: fc2.weight" in found.warnings
