"""ONNX models: values, and the order of axes that the operators imply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402


def written(path: Path, nodes: list[Any], initializers: list[Any]) -> Path:
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("x", "y")]
    graph = helper.make_graph(nodes, "net", ends[:1], ends[1:], initializers)
    path.write_bytes(helper.make_model(graph).SerializeToString())
    return path


W = numpy_helper.from_array(np.arange(12, dtype=np.float32).reshape(3, 4), "W")


@pytest.mark.parametrize(
    ("nodes", "layout"),
    [
        ([("Gemm", ["x", "W"], "y", {"transB": 1})], "torch"),
        ([("Gemm", ["x", "W"], "y", {})], "in_out"),
        ([("MatMul", ["x", "W"], "y", {})], "in_out"),
        ([("MatMul", ["W", "x"], "y", {})], "torch"),
        ([("Transpose", ["W"], "t", {"perm": [1, 0]}), ("MatMul", ["x", "t"], "y", {})], "torch"),
        ([("Transpose", ["W"], "t", {}), ("Gemm", ["x", "t"], "y", {"transB": 1})], "in_out"),
        ([("Quant", ["W", "s", "z", "b"], "q", {}), ("Gemm", ["x", "q"], "y", {"transB": 1})], "torch"),
        ([("DequantizeLinear", ["W", "s"], "q", {}), ("MatMul", ["x", "q"], "y", {})], "in_out"),
        ([("Mul", ["W", "mask"], "m", {}), ("Identity", ["m"], "i", {}), ("Gemm", ["x", "i"], "y", {})], "in_out"),
        ([("Conv", ["x", "W"], "y", {})], "torch"),
        ([("Reshape", ["W", "s"], "r", {}), ("MatMul", ["x", "r"], "y", {})], "unknown"),
        ([("MatMul", ["x", "W"], "a", {}), ("Gemm", ["a", "W"], "y", {"transB": 1})], "unknown"),
        ([("Relu", ["x"], "y", {})], "unknown"),
    ],
)
def test_layout(nodes: list[tuple[str, list[str], str, dict[str, Any]]], layout: str, tmp_path: Path) -> None:
    made = [helper.make_node(kind, inputs, [output], **options) for kind, inputs, output, options in nodes]
    (tensor,) = read_contents(written(tmp_path / "x.onnx", made, [W])).tensors
    assert tensor.layout == layout


def test_the_layout_agrees_with_what_the_operator_computes(tmp_path: Path) -> None:
    # Gemm with transB: y = x W^T, so W is (out, in); the reference evaluator of onnx is the judge
    from onnx.reference import ReferenceEvaluator

    nodes = [helper.make_node("Gemm", ["x", "W"], ["y"], transB=1)]
    path = written(tmp_path / "x.onnx", nodes, [W])
    (tensor,) = read_contents(path).tensors
    x = np.eye(4, dtype=np.float32)
    (y,) = ReferenceEvaluator(onnx.load(path)).run(None, {"x": x})
    assert tensor.layout == "torch"
    np.testing.assert_array_equal(y, tensor.read().T)


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(
    "kind",
    ["FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E5M2", "INT8", "UINT8", "INT32", "INT64", "BOOL"],
)
def test_types(kind: str, raw: bool, tmp_path: Path) -> None:
    values = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 4.0]])
    code = getattr(TensorProto, kind)
    proto = helper.make_tensor("t", code, values.shape, values.astype(helper.tensor_dtype_to_np_dtype(code)).ravel())
    array = numpy_helper.to_array(proto)
    if raw:
        proto = numpy_helper.from_array(array, "t")
    (tensor,) = read_contents(written(tmp_path / "x.onnx", [], [proto])).tensors
    np.testing.assert_array_equal(tensor.read().astype(float), array.astype(float))


def test_constants_are_weights_too(tmp_path: Path) -> None:
    nodes = [helper.make_node("Constant", [], ["c"], value=W), helper.make_node("MatMul", ["x", "c"], ["y"])]
    (tensor,) = read_contents(written(tmp_path / "x.onnx", nodes, [])).tensors
    assert (tensor.name, tensor.layout) == ("c", "in_out")


def external(location: str, offset: int = 0) -> Any:
    proto = TensorProto(name="t", data_type=TensorProto.FLOAT, dims=[2, 2], data_location=TensorProto.EXTERNAL)
    for key, value in (("location", location), ("offset", str(offset)), ("length", "16")):
        proto.external_data.add(key=key, value=value)
    return proto


def test_values_beside_the_model_are_read_and_elsewhere_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(np.arange(6, dtype=np.float32).tobytes())
    path = tmp_path / "x.onnx"
    (tensor,) = read_contents(written(path, [], [external("weights.bin", 8)])).tensors
    np.testing.assert_array_equal(tensor.read(), [[2, 3], [4, 5]])
    for location in ("../weights.bin", "/etc/passwd", "a/b", "", "missing.bin"):
        with pytest.raises(LoadError, match=r"own directory|is missing"):
            read_contents(written(path, [], [external(location)]))
    for offset in (12, -4, 2**60):
        with pytest.raises(LoadError, match="beyond the end"):
            read_contents(written(path, [], [external("weights.bin", offset)]))


def test_shapes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    for dims in ([10**6, 10**6], [-1, 2], [5]):
        proto = TensorProto(name="t", data_type=TensorProto.FLOAT, dims=dims, raw_data=b"\0" * 16)
        with pytest.raises(LoadError):
            read_contents(written(tmp_path / "x.onnx", [], [proto]))


def test_the_real_model_equals_its_torch_twin(checkpoints: Path) -> None:
    # the same network twice (README of the checkpoints): equal shapes and fractions of zeros, in order
    def kernels(name: str) -> list[tuple[tuple[int, ...], int]]:
        tensors = [t for t in read_contents(checkpoints / name).tensors if len(t.shape) > 1]
        return sorted((t.shape, int(np.count_nonzero(t.read()))) for t in tensors if t.layout == "torch")

    ours = kernels("aaronnet32plusplus_final.onnx")
    assert len(ours) == 19
    assert ours == kernels("aaronnet32plusplus.pth")
