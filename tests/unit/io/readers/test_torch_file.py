"""Our reading of torch files against torch.load(weights_only=True, map_location="cpu"), tensor by tensor."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents
from sparsegraph.io.tensor import Contents

torch = pytest.importorskip("torch")

pytestmark = [
    pytest.mark.filterwarnings("ignore:Sparse CSR tensor support:UserWarning"),
    pytest.mark.filterwarnings("ignore:Detected pickle protocol:UserWarning"),
]


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Tensors of nested dictionaries and lists under the names that we give them."""
    if isinstance(value, torch.Tensor):
        return {name: value}
    items: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        items = [(f"{name}.{key}" if name else str(key), inner) for key, inner in value.items()]
    elif isinstance(value, list | tuple):
        items = [(f"{name}[{index}]", inner) for index, inner in enumerate(value)]
    return {key: tensor for step, inner in items for key, tensor in flat(inner, step).items()}


def same(contents: Contents, expected: dict[str, Any]) -> None:
    assert [tensor.name for tensor in contents.tensors] == list(expected)
    for tensor, reference in zip(contents.tensors, expected.values(), strict=True):
        ours = tensor.read()
        assert tensor.shape == tuple(reference.shape)
        assert tensor.dtype == str(reference.dtype).removeprefix("torch.")
        if reference.layout is not torch.strided:
            assert isinstance(ours, sparse.csr_array)
            ours, reference = ours.toarray(), reference.to_dense()
        widened = reference.dtype.itemsize < 4 and reference.dtype.is_floating_point and reference.dtype != torch.half
        reference = (reference.float() if widened else reference).detach().numpy()
        assert ours.dtype == reference.dtype
        np.testing.assert_array_equal(ours, reference)


def written(folder: Path, content: Any, *, legacy: bool = False) -> Path:
    path = folder / "file.pt"
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    return path


def state() -> dict[str, Any]:
    generator = torch.Generator().manual_seed(0)
    return {"fc1.weight": torch.randn(5, 6, generator=generator), "fc2.weight": torch.randn(4, 5, generator=generator)}


MASKS = {key: value > 0 for key, value in state().items()}

# keys as the libraries write them (reference page on checkpoint formats)
CONTENTS: dict[str, Any] = {
    "bare state dict": state(),
    "sparse_learning": {"epoch": 3, "state_dict": state(), "optimizer": {"state": {}, "param_groups": [{"lr": 0.1}]}},
    "in-time over-parameterisation": {
        "epoch": 3,
        "arch": "mlp",
        "state_dict": state(),
        "best_prec1": 0.5,
        "optimizer": {"state": {0: state()}},
    },
    "fantastic weights": {"epoch": 3, "state_dict": state(), "optimizer": {}, "masks": MASKS},
    "rigl-torch": {
        "state_dict": state(),
        "pruner": {"S": [0.9, None], "backward_masks": [None, MASKS["fc2.weight"]], "_linear_layers_mask": [1, 1]},
    },
    "torch.nn.utils.prune": {
        f"{key.removesuffix('weight')}{part}": value
        for key in state()
        for part, value in (("weight_orig", state()[key]), ("weight_mask", MASKS[key].float()))
    },
    "torch.ao.pruning": {key.replace("weight", "parametrizations.weight.original"): v for key, v in state().items()},
    "wrapped": {f"module._orig_mod.{key}": value for key, value in state().items()},
    "types": {
        str(dtype): (torch.arange(-3, 9).reshape(3, 4) * 0.5).to(dtype)
        for dtype in (
            torch.float64,
            torch.float32,
            torch.float16,
            torch.bfloat16,
            torch.int64,
            torch.int32,
            torch.int16,
            torch.int8,
            torch.uint8,
            torch.bool,
            torch.complex64,
        )
    },
    "float8": {str(t): torch.arange(-3, 9).to(t) for t in (torch.float8_e4m3fn, torch.float8_e5m2)},
    "views": {
        "transposed": state()["fc1.weight"].t(),
        "column": state()["fc1.weight"][:, 2],
        "every second": state()["fc1.weight"][1::2, ::3],
        "expanded": torch.ones(3, 1).expand(3, 4),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 4),
    },
    "parameters": OrderedDict(a=torch.nn.Parameter(state()["fc1.weight"]), b=[torch.ones(2), (torch.zeros(2), "x")]),
    "tensor": {"tensor": torch.ones(2, 3)},
}


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_sparse_tensors_equal_torch(legacy: bool, tmp_path: Path) -> None:
    dense = state()["fc1.weight"].relu()
    content = {"coo": dense.to_sparse(), "csr": dense.to_sparse_csr(), "csc": dense.to_sparse_csc()}
    path = written(tmp_path, content, legacy=legacy)
    contents = read_contents(path)
    same(contents, torch.load(path, weights_only=True, map_location="cpu"))
    assert {tensor.read().nnz for tensor in contents.tensors} == {int((dense > 0).sum())}


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
@pytest.mark.parametrize("name", CONTENTS)
def test_equal_to_torch(name: str, legacy: bool, tmp_path: Path) -> None:
    if name == "float8" and legacy:
        return  # torch cannot read these back itself
    path = written(tmp_path, CONTENTS[name], legacy=legacy)
    contents = read_contents(path)
    assert contents.format == ("torch legacy" if legacy else "torch zip")
    assert contents.notes == ()
    same(contents, flat(torch.load(path, weights_only=True, map_location="cpu")))


@pytest.mark.parametrize(
    "name",
    [
        "aaronnet32plusplus.pth",
        "bingo_mlp_pruned.pth",
        "mlp_512_256_l1_50.pth",
        "numpy_mlp_mask_W0.h5",
        "ssnn_lenet_pruned.pt",
    ],
)
def test_real_files_equal_torch(name: str, checkpoints: Path) -> None:
    same(read_contents(checkpoints / name), flat(torch.load(checkpoints / name, weights_only=True, map_location="cpu")))


@pytest.mark.parametrize(
    ("name", "zeros"),
    # fractions of zeros from the README of the checkpoints
    [
        ("lth_fc1_mnist_8_model_lt.pth.tar", {"classifier.0.weight": 0.5695, "classifier.4.weight": 0.5700}),
        ("deepcomp_lenet5_after_retraining.ptmodel", {"conv1.weight": 0.0, "fc1.weight": 0.9291, "fc2.mask": 0.9524}),
        ("lth_fc1_mnist_mask_47.9.pkl", {"[0]": 0.5217, "[1]": 0.5218, "[2]": 0.5220}),
        ("lenet5_mask_tf_numpy_proto0.pkl", {"[0].cov1": 0.91, "[0].fc1": 0.994, "[1].fc1": 0.91}),
    ],
)
def test_what_torch_refuses_is_read_without_running_it(name: str, zeros: dict[str, float], checkpoints: Path) -> None:
    with pytest.raises(pickle.UnpicklingError):
        torch.load(checkpoints / name, weights_only=True, map_location="cpu")
    contents = read_contents(checkpoints / name)
    found = {tensor.name: 1 - np.count_nonzero(tensor.read()) / np.prod(tensor.shape) for tensor in contents.tensors}
    assert {key: round(found[key], 4) for key in zeros} == pytest.approx(zeros, abs=5.1e-5)
    assert any("without running" in note for note in contents.notes)


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_a_whole_module_gives_its_state_dict(legacy: bool, tmp_path: Path) -> None:
    module = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.BatchNorm1d(5), torch.nn.Linear(5, 4))
    contents = read_contents(written(tmp_path, module, legacy=legacy))
    assert contents.notes == ("whole module: read without running its code",)
    same(contents, dict(module.state_dict()))


def test_a_pickled_state_dict_is_read(tmp_path: Path) -> None:
    path = tmp_path / "state.pkl"
    path.write_bytes(pickle.dumps(state()))
    same(read_contents(path), state())


def test_tensors_without_plain_numbers_are_noted(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="quantize"):
        quantised = torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)
    content = {"quantised": quantised, "meta": torch.empty(2, device="meta"), "plain": torch.ones(2)}
    contents = read_contents(written(tmp_path, content))
    assert [tensor.name for tensor in contents.tensors] == ["plain"]
    assert contents.notes == (
        "quantised: a quantised tensor, which is not read",
        "meta: a tensor on the meta device, which has no values",
    )


def test_a_file_without_checksums_is_read_and_one_that_does_not_match_is_refused(tmp_path: Path) -> None:
    data = written(tmp_path, {"w": torch.full((16,), 1.5)}).read_bytes()
    place = data.index(np.full(16, 1.5, np.float32).tobytes())
    path = tmp_path / "flipped.pt"
    path.write_bytes(data[:place] + b"\x01" + data[place + 1 :])
    (tensor,) = read_contents(path).tensors
    with pytest.raises(LoadError, match="checksum"):
        tensor.read()
    torch.serialization.set_crc32_options(False)
    try:
        stream = io.BytesIO()
        torch.save({"w": torch.full((16,), 1.5)}, stream)
    finally:
        torch.serialization.set_crc32_options(True)
    path.write_bytes(stream.getvalue())
    assert (read_contents(path).tensors[0].read() == 1.5).all()


def test_reading_imports_no_torch(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = written(tmp_path, state())
    code = (
        "import sys; from sparsegraph.io.contents import read_contents; "
        f"[t.read() for t in read_contents({str(path)!r}).tensors]; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
