"""Snapshots as files: the identity, torch's view of them, and their size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evolving import assert_same, snapshots

import sparsegraph
from sparsegraph.errors import LoadError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.contents import read_contents
from sparsegraph.io.runs.snapshot_file import read_snapshot, write_snapshot

torch = pytest.importorskip("torch")


def everything() -> Snapshot:
    """A convolution, no biases, a cumulative mask, values besides the blocks, an empty block."""
    conv = BlockState(
        "conv", Mask((18, 3), np.array([0, 7, 53])), np.array([0, -1, 2], np.float32), None, "conv2d", (3, 2, 3, 3)
    )
    linear = BlockState("fc", Mask((3, 2), np.zeros(0, np.int64)), np.zeros(0, np.float32), np.ones(2, np.float32))
    conv = replace(conv, groups=3)
    linear = replace(linear, cumulative=Mask((3, 2), np.array([1, 4])))
    extra = {"bn.running_mean": np.array([1.5, 2], np.float32), "bn.num_batches_tracked": np.array(7)}
    return Snapshot(3, (conv, linear), None, 3, None, (2, 8, 8), {"recipe": "set", "losses": [1, 0.5]}, extra)


@pytest.mark.parametrize("snapshot", [*snapshots(2), everything()], ids=["start", "update", "everything"])
def test_write_then_read_is_the_identity(tmp_path: Path, snapshot: Snapshot) -> None:
    write_snapshot(snapshot, tmp_path / "s.pt")
    found = read_snapshot(tmp_path / "s.pt")
    assert_same(found, snapshot)
    for a, b in zip(found.blocks, snapshot.blocks, strict=True):
        assert (a.cumulative is None) == (b.cumulative is None)
        if a.cumulative is not None and b.cumulative is not None:
            np.testing.assert_array_equal(a.cumulative.positions, b.cumulative.positions)
    assert found.extra.keys() == snapshot.extra.keys()
    for name, values in snapshot.extra.items():
        np.testing.assert_array_equal(found.extra[name], values)
        assert found.extra[name].dtype == values.dtype


def test_torch_opens_it_and_the_documented_lines_decode_its_mask(tmp_path: Path) -> None:
    snapshot = snapshots(2)[1]
    write_snapshot(snapshot, tmp_path / "s.pt")
    content = torch.load(tmp_path / "s.pt", weights_only=True)
    assert (content["format"], content["format_version"]) == ("sparsegraph-snapshot", 1)
    documented: dict[str, object] = {}
    text = (Path(__file__).parents[4] / "docs" / "runs.md").read_text(encoding="utf-8")
    exec(text.split("```python\n")[1].split("```")[0], documented)
    for block, expected in zip(content["blocks"], snapshot.blocks, strict=True):
        n_source, n_target = block["shape"]
        positions = documented["positions"](block["mask"].numpy(), n_source * n_target)  # type: ignore[operator]
        np.testing.assert_array_equal(positions, expected.mask.positions)
        np.testing.assert_array_equal(block["weights"].numpy(), expected.weights)


def test_equal_snapshots_give_equal_bytes_whatever_made_their_texts(tmp_path: Path) -> None:
    def made_anew(text: str) -> str:
        return "".join(list(text))

    snapshot = snapshots(1)[0]
    blocks = tuple(replace(block, name=made_anew(block.name), kind=made_anew(block.kind)) for block in snapshot.blocks)
    other = replace(snapshot, meta={made_anew("accuracy"): np.float64(0.5)}, blocks=blocks)
    write_snapshot(snapshot, tmp_path / "a.pt")
    write_snapshot(other, tmp_path / "b.pt")
    assert (tmp_path / "a.pt").read_bytes() == (tmp_path / "b.pt").read_bytes()


def test_load_and_inspect_know_it(tmp_path: Path) -> None:
    snapshot = snapshots(2)[1]
    write_snapshot(snapshot, tmp_path / "s.pt")
    loaded = sparsegraph.load(tmp_path / "s.pt")
    assert loaded.source.format == "sparsegraph snapshot, version 1"
    assert loaded.mask_origin == "stored entries"
    assert loaded.graph.layers == snapshot.graph.layers
    np.testing.assert_array_equal(loaded.graph.blocks[1].weights.data, snapshot.weights[1])
    assert [row.n_links for row in sparsegraph.inspect(tmp_path / "s.pt").tensors] == [30, 12]
    assert [one.graph.n_links for one in sparsegraph.load_blocks(tmp_path / "s.pt")] == [30, 12]


def test_weights_that_are_not_finite_can_be_read_but_make_no_graph(tmp_path: Path) -> None:
    snapshot = snapshots(1)[0]
    weights = snapshot.blocks[0].weights * np.float32("nan")
    diverged = replace(snapshot, blocks=(replace(snapshot.blocks[0], weights=weights), *snapshot.blocks[1:]))
    write_snapshot(diverged, tmp_path / "s.pt")
    assert np.isnan(read_snapshot(tmp_path / "s.pt").weights[0]).all()
    with pytest.raises(sparsegraph.SparseGraphError, match="weights must be finite"):
        sparsegraph.load(tmp_path / "s.pt")


def _with(content: dict, block: dict | None = None, **changes: object) -> dict:
    blocks = [{**content["blocks"][0], **(block or {})}, *content["blocks"][1:]]
    return {**content, "blocks": blocks, **changes}


@pytest.mark.parametrize(
    ("block", "changes", "message"),
    [
        ({}, {"format_version": 2}, "newer sparsegraph"),
        ({}, {"format": "sparsegraph-checkpoint"}, "not a sparsegraph snapshot"),
        ({"shape": [2**40, 2]}, {}, "rows and columns"),
        ({"shape": [12, 9]}, {}, "code of positions"),
        ({"shape": [12]}, {}, "no"),
        ({"mask": torch.zeros(3, dtype=torch.uint8)}, {}, "code of positions"),
        ({"mask": torch.full((8,), 255, dtype=torch.uint8)}, {}, "code of positions"),
        ({"mask": None}, {}, "damaged"),
        ({"weights": torch.ones(3)}, {}, "weights of shape"),
        ({"weights": torch.ones(30, dtype=torch.float64)}, {}, "no float32"),
        ({"torch_shape": [2**40, 1]}, {}, "torch shape"),
        ({"groups": "2"}, {}, "groups are no count"),
        ({"groups": 2}, {}, "cannot have 2 groups"),
        ({"groups": 2**40}, {}, "rows and columns"),
        ({}, {"number": "1"}, "no count"),
        ({}, {"meta": 3}, "remarks"),
        ({}, {"extra": {"a": 1}}, "no arrays"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(
    block: dict[str, object], changes: dict[str, object], message: str, tmp_path: Path
) -> None:
    write_snapshot(snapshots(2)[1], tmp_path / "s.pt")
    content = torch.load(tmp_path / "s.pt", weights_only=True)
    torch.save(_with(content, block, **changes), tmp_path / "s.pt")
    with pytest.raises(sparsegraph.SparseGraphError, match=message) as caught:
        read_snapshot(tmp_path / "s.pt")
    assert str(caught.value).isprintable()


def test_an_older_file_does_not_tell_groups(tmp_path: Path) -> None:
    write_snapshot(everything(), tmp_path / "s.pt")
    content = torch.load(tmp_path / "s.pt", weights_only=True)
    assert [block.pop("groups") for block in content["blocks"]] == [3, None]
    torch.save(content, tmp_path / "s.pt")
    assert [block.groups for block in read_snapshot(tmp_path / "s.pt").blocks] == [None, None]


def test_another_torch_file_is_no_snapshot(tmp_path: Path) -> None:
    torch.save({"w": torch.ones(2)}, tmp_path / "other.pt")
    with pytest.raises(LoadError, match="not a sparsegraph snapshot"):
        read_snapshot(tmp_path / "other.pt")
    assert read_contents(tmp_path / "other.pt").format == "torch zip"
