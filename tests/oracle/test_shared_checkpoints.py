"""Twelve files that others made: loaded with the links that an independent count finds, or refused, rightly.

The expected shapes and fractions of zeros are those of the table in the README of the checkpoints, made with other
readers. Where NumPy, torch, h5py or onnx open a file by themselves, the zeros are counted again, entry by entry.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

import sparsegraph as sg
from sparsegraph.errors import LoadError
from sparsegraph.graph.layered import Block

REFUSED = "set_mlp_e13_rand0_input_connections.npz"
PIECES = {"aaronnet32plusplus.pth": 4, "aaronnet32plusplus_final.onnx": 4}
LAYERS = {
    "bingo_mlp_pruned.pth": (784, 128, 64, 10),
    "deepcomp_lenet5_after_retraining.ptmodel": (1, 6, 16, 120, 1024, 10),
    "lenet5_mask_tf_numpy_proto0.pkl": (1, 20, 50, 500, 10),
    "lth_fc1_mnist_8_model_lt.pth.tar": (784, 300, 100, 10),
    "lth_fc1_mnist_mask_47.9.pkl": (784, 300, 100, 10),
    "mlp_512_256_l1_50.pth": (784, 512, 256, 10),
    "numpy_mlp_mask_W0.h5": (784, 64, 10),
    "ssnn_lenet_pruned.pt": (1, 6, 16, 120, 84, 10),
    "tfmot_mnist_pruned_80.h5": (1, 12, 10),
}
"""Neurons and channels from input to output, read off the shapes in the README."""

MASKED = {
    "deepcomp_lenet5_after_retraining.ptmodel": {"fc1.weight": "fc1.mask", "fc2.weight": "fc2.mask"},
    "numpy_mlp_mask_W0.h5": {"W_0": "mask"},
}
EXPLICIT = {"lenet5_mask_tf_numpy_proto0.pkl", "lth_fc1_mnist_mask_47.9.pkl"}
FILES = sorted({*LAYERS, *PIECES})


def documented(checkpoints: Path, file: str) -> dict[str, tuple[tuple[int, ...], float]]:
    """Shape and fraction of zeros of each tensor of a file, as the README of the checkpoints says."""
    text = (checkpoints / "README.md").read_text()
    section = text.split("## Tensors (fraction of zeros)")[1].split(f"\n`{file}`\n")[1].split("\n`")[0]
    rows = re.findall(r"- `(.+?)` \((.+?)\) \S+ ([\d.]+)", section)
    return {name: (tuple(int(n) for n in shape.split(",") if n.strip()), float(zeros)) for name, shape, zeros in rows}


def n_weights_kept(block: Block) -> int:
    """Weights behind the links of a block."""
    return block.n_links if block.multiplicity is None else int(block.multiplicity.sum())


@pytest.mark.parametrize("file", FILES)
def test_links_and_density_of_each_block(checkpoints: Path, file: str) -> None:
    table = {name.replace("/", "."): row for name, row in documented(checkpoints, file).items()}
    loaded = sg.load(checkpoints / file)
    blocks = {block.name.replace("/", "."): block for block in loaded.graph.blocks}
    masks = MASKED.get(file, {})
    matrices = {name for name, (shape, _) in table.items() if len(shape) > 1} - set(masks.values())
    assert blocks.keys() == matrices
    for name, block in blocks.items():
        shape, zeros = table[masks.get(name, name)]
        # The README rounds the fraction of zeros to four digits.
        assert n_weights_kept(block) / math.prod(shape) == pytest.approx(1 - zeros, abs=5.1e-5)


@pytest.mark.parametrize("file", FILES)
def test_layers_and_origin_of_masks(checkpoints: Path, file: str) -> None:
    loaded = sg.load(checkpoints / file)
    if file in PIECES:
        # Three branches (2 -> 11 -> 11) whose outputs are joined before the trunk (33 -> ... -> 24).
        assert len(loaded.graph.input_layers) == PIECES[file]
        assert [loaded.graph.layers[i].size for i in loaded.graph.output_layers] == [11, 11, 11, 24]
        assert any("separate chains" in warning for warning in loaded.warnings)
    else:
        assert tuple(layer.size for layer in loaded.graph.layers) == LAYERS[file]
        assert len(loaded.graph.blocks) == len(LAYERS[file]) - 1
    expected = "explicit masks" if file in EXPLICIT else "non-zeros"
    assert expected in loaded.mask_origin
    assert ("explicit masks" in loaded.mask_origin) == (file in EXPLICIT or file in MASKED)
    assert any("masks only" in warning for warning in loaded.warnings) == (file in EXPLICIT)


def _by_torch(path: Path) -> Mapping[str, np.ndarray]:
    import torch

    return {name: values.numpy() for name, values in torch.load(path, map_location="cpu", weights_only=True).items()}


def _by_h5py(path: Path) -> Mapping[str, np.ndarray]:
    import h5py

    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, node: found.update({name: node[()]}) if isinstance(node, h5py.Dataset) else None)
    return found


def _by_onnx(path: Path) -> Mapping[str, np.ndarray]:
    import onnx

    return {one.name: onnx.numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}


READERS = {
    "aaronnet32plusplus.pth": _by_torch,
    "aaronnet32plusplus_final.onnx": _by_onnx,
    "bingo_mlp_pruned.pth": _by_torch,
    "mlp_512_256_l1_50.pth": _by_torch,
    "numpy_mlp_mask_W0.h5": _by_torch,
    "ssnn_lenet_pruned.pt": _by_torch,
    "tfmot_mnist_pruned_80.h5": _by_h5py,
}


@pytest.mark.parametrize("file", sorted(READERS))
def test_non_zeros_counted_by_the_library_that_wrote_the_file(checkpoints: Path, file: str) -> None:
    arrays = READERS[file](checkpoints / file)
    masks = MASKED.get(file, {})
    loaded = sg.load(checkpoints / file)
    for block in loaded.graph.blocks:
        counted = arrays[masks.get(block.name, block.name)]
        assert n_weights_kept(block) == np.count_nonzero(counted), block.name


def test_weights_of_a_torch_file_are_transposed(checkpoints: Path) -> None:
    arrays = _by_torch(checkpoints / "bingo_mlp_pruned.pth")
    for block in sg.load(checkpoints / "bingo_mlp_pruned.pth").graph.blocks:
        np.testing.assert_array_equal(block.weights.toarray(), arrays[block.name].T)


def test_mask_and_weight_that_disagree(checkpoints: Path) -> None:
    """The README: the mask of numpy_mlp_mask_W0.h5 has 98.0 % zeros, W_0 itself 22.5 %."""
    arrays = _by_torch(checkpoints / "numpy_mlp_mask_W0.h5")
    loaded = sg.load(checkpoints / "numpy_mlp_mask_W0.h5")
    np.testing.assert_array_equal(loaded.graph.blocks[0].weights.toarray(), arrays["mask"] * arrays["W_0"])
    assert any("keeps 2.0 % of the weights, 77.5 % are non-zero" in warning for warning in loaded.warnings)


def test_first_matrix_behind_the_images_is_gathered_as_keras_flattens(checkpoints: Path) -> None:
    """Keras flattens 13 x 13 x 12 with the channel fastest, so input i of the dense layer is channel i % 12."""
    kernel = _by_h5py(checkpoints / "tfmot_mnist_pruned_80.h5")["model_weights/dense/dense/kernel:0"]
    block = sg.load(checkpoints / "tfmot_mnist_pruned_80.h5").graph.blocks[1]
    expected = np.abs(kernel).reshape(169, 12, 10).sum(axis=0)
    np.testing.assert_allclose(block.weights.toarray(), expected, rtol=1e-5)


def test_history_of_degrees_is_refused_for_that_reason(checkpoints: Path) -> None:
    with pytest.raises(LoadError, match=r"a history of degrees .* 400 epochs .* 784 inputs .* 3 to 52.*not weights"):
        sg.load(checkpoints / REFUSED)
    assert "history of degrees" in (sg.inspect(checkpoints / REFUSED).problem or "")


@pytest.mark.parametrize("file", FILES)
def test_inspection_and_blocks_agree_with_the_graph(checkpoints: Path, file: str) -> None:
    loaded, inspection = sg.load(checkpoints / file), sg.inspect(checkpoints / file)
    blocks = list(sg.load_blocks(checkpoints / file))
    n_kept = sum(n_weights_kept(block) for block in loaded.graph.blocks)
    assert inspection.n_links == n_kept
    assert inspection.problem is None
    assert inspection.mask_origin == loaded.mask_origin
    assert sum(n_weights_kept(block.graph.blocks[0]) for block in blocks) == n_kept
    assert {row.name for row in inspection.tensors if not row.kept} == {name for name, _ in loaded.skipped}


def test_all_twelve_are_covered(checkpoints: Path) -> None:
    present = {file.name for file in checkpoints.iterdir() if file.suffix != ".md"}
    assert present == {*FILES, REFUSED}


def test_table_of_the_analysis(checkpoints: Path) -> None:
    script = Path(__file__).resolve().parents[2] / "analyses" / "foreign_checkpoints" / "run.py"
    command = [sys.executable, str(script), "--checkpoints", str(checkpoints)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == 2 + 12
    assert sum("| loaded |" in line for line in lines) == 11
    assert any("| 43676 | 43676 | 0.4000 |" in line for line in lines)  # (37525 + 5624 + 527) / 109184, README
