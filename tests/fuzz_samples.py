"""Small valid files of every format that is read, to be damaged by the fuzzers and opened by the unit tests."""

from __future__ import annotations

import io
import json
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from graphs import two_paths
from scipy import io as scipy_io
from scipy import sparse


@dataclass(frozen=True)
class Sample:
    """A valid checkpoint: its files, which of them is opened, and which is damaged."""

    name: str
    files: dict[str, bytes]
    opened: str
    victim: str


def generated() -> list[Sample]:
    """One sample or more of every format, written by the libraries that usually write them."""
    singles = {**_torch(), **_pickles(), **_numpy(), **_matlab(), **_hdf5(), **_onnx(), **_native()}
    samples = [Sample(name, {name: data}, name, name) for name, data in singles.items()]
    shards = _shards()
    index = "model.safetensors.index.json"
    return [*samples, *(Sample(f"shards, {victim}", shards, index, victim) for victim in shards)]


def runs() -> list[Sample]:
    """A run directory, with each of its files as the victim."""
    run = _run()
    return [Sample(victim, run, "run", victim) for victim in run]


def real(checkpoints: Path) -> list[Sample]:
    """The checkpoints made by others."""
    files = [path for path in sorted(checkpoints.iterdir()) if path.suffix != ".md"]
    return [Sample(path.name, {path.name: path.read_bytes()}, path.name, path.name) for path in files]


def weights() -> dict[str, np.ndarray]:
    """A chain 6-5-4-3 at half density, torch's order of axes."""
    rng = np.random.default_rng(0)
    shapes = {"fc1.weight": (5, 6), "fc2.weight": (4, 5), "fc3.weight": (3, 4)}
    made = {k: (rng.random(s) < 0.5) * rng.normal(size=s) for k, s in shapes.items()}
    return {key: value.astype(np.float32) for key, value in made.items()}


def _torch() -> dict[str, bytes]:
    import torch

    state = OrderedDict((key, torch.from_numpy(value)) for key, value in weights().items())
    masks = {key: value != 0 for key, value in state.items()}
    mixed = {
        "coo": state["fc1.weight"].to_sparse(),
        "csr": state["fc1.weight"].to_sparse_csr(),
        "csc": state["fc1.weight"].to_sparse_csc(),
        "bfloat16": state["fc2.weight"].bfloat16(),
        "float8": state["fc2.weight"].to(torch.float8_e5m2),
        "parameter": torch.nn.Parameter(state["fc3.weight"]),
        "transposed": state["fc3.weight"].t(),
    }
    module = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4))
    return {
        "state.pt": _saved(state),
        "nested.pt": _saved({"epoch": 3, "state_dict": state, "masks": masks, "best": 0.5}),
        "mixed.pt": _saved(mixed),
        "module.pt": _saved(module),
        "legacy.pt": _saved(state, legacy=True),
        "legacy_module.pt": _saved(module, legacy=True),
    }


def _saved(content: object, *, legacy: bool = False) -> bytes:
    import torch

    stream = io.BytesIO()
    torch.save(content, stream, _use_new_zipfile_serialization=not legacy)
    return stream.getvalue()


def _pickles() -> dict[str, bytes]:
    import torch

    masks = [value != 0 for value in weights().values()]
    made = {f"masks_{protocol}.pkl": pickle.dumps(masks, protocol) for protocol in range(6)}
    made["torch.pkl"] = pickle.dumps({key: torch.from_numpy(value) for key, value in weights().items()}, 4)
    return made


def _numpy() -> dict[str, bytes]:
    dense, packed, single, csr, coo = (io.BytesIO() for _ in range(5))
    np.savez(dense, **weights())
    np.savez_compressed(packed, **weights())
    np.save(single, np.asfortranarray(weights()["fc1.weight"]))
    matrix = sparse.csr_array(weights()["fc1.weight"])
    sparse.save_npz(csr, matrix)
    sparse.save_npz(coo, matrix.tocoo(), compressed=False)
    streams = {"dense.npz": dense, "packed.npz": packed, "single.npy": single, "csr.npz": csr, "coo.npz": coo}
    return {name: stream.getvalue() for name, stream in streams.items()}


def _matlab() -> dict[str, bytes]:
    content = {
        "adjacency_matrix": (weights()["fc1.weight"] != 0).astype(np.uint8),
        "sparse": sparse.csc_array(weights()["fc2.weight"].astype(np.float64)),
        "text": "hello",
    }
    made = {}
    for name, options in {"v5.mat": {}, "v7.mat": {"do_compression": True}, "v4.mat": {"format": "4"}}.items():
        stream = io.BytesIO()
        scipy_io.savemat(stream, content, **options)
        made[name] = stream.getvalue()
    return made


def _hdf5() -> dict[str, bytes]:
    import h5py

    keras, chunked = io.BytesIO(), io.BytesIO()
    with h5py.File(keras, "w") as file:
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [b"dense_1", b"dense_2"]
        for index, value in enumerate(list(weights().values())[:2], 1):
            group[f"dense_{index}/dense_{index}/kernel:0"] = value.T
    with h5py.File(chunked, "w", libver="latest") as file:
        for key, value in weights().items():
            file.create_dataset(key, data=value, chunks=True, compression="gzip", shuffle=True)
        file["linked"] = h5py.SoftLink("/fc1.weight")
    return {"keras.h5": keras.getvalue(), "chunked.h5": chunked.getvalue()}


def _onnx() -> dict[str, bytes]:
    from onnx import TensorProto, helper, numpy_helper

    first, second, third = weights().values()
    initializers = [
        numpy_helper.from_array(first, "gemm.weight"),
        numpy_helper.from_array(second.T.copy(), "matmul.weight"),
        helper.make_tensor("plain.weight", TensorProto.FLOAT, third.shape, third.ravel().tolist()),
    ]
    nodes = [
        helper.make_node("Gemm", ["x", "gemm.weight"], ["a"], transB=1),
        helper.make_node("MatMul", ["a", "matmul.weight"], ["b"]),
        helper.make_node("Transpose", ["plain.weight"], ["t"], perm=[1, 0]),
        helper.make_node("MatMul", ["b", "t"], ["y"]),
    ]
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("x", "y")]
    graph = helper.make_graph(nodes, "net", ends[:1], ends[1:], initializers)
    return {"model.onnx": helper.make_model(graph).SerializeToString()}


def _native() -> dict[str, bytes]:
    import tempfile

    from evolving import snapshots

    from sparsegraph.io.arrays import write_arrays
    from sparsegraph.io.native import save
    from sparsegraph.io.runs.snapshot_file import write_snapshot

    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        write_snapshot(snapshots(2)[1], folder / "snapshot.pt")
        save(two_paths(), folder / "native.pt", meta={"seed": 0})
        write_arrays(two_paths(), folder / "graph.npz")
        return {name: (folder / name).read_bytes() for name in ("native.pt", "graph.npz", "snapshot.pt")}


def _run() -> dict[str, bytes]:
    """A run directory of three updates."""
    import tempfile

    from evolving import snapshots

    from sparsegraph.io.runs.writer import RunWriter

    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory) / "run"
        with RunWriter.create(folder, {"recipe": "set", "seed": 0}) as writer:
            for snapshot in snapshots(3):
                writer.snapshot(snapshot)
                writer.topology(snapshot)
                writer.history({"epoch": snapshot.epoch, "loss": 0.5})
                writer.resume({"momentum": np.ones(3)}, {"epoch": snapshot.epoch})
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def _shards() -> dict[str, bytes]:
    from safetensors.numpy import save

    parts = {f"model-{i}.safetensors": {key: value} for i, (key, value) in enumerate(weights().items(), 1)}
    listed = {key: name for name, part in parts.items() for key in part}
    index = json.dumps({"metadata": {}, "weight_map": listed}).encode()
    return {"model.safetensors.index.json": index, **{name: save(part) for name, part in parts.items()}}
