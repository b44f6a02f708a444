"""Which axis of an ONNX weight is the source: told by the operator that multiplies with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sparsegraph.io.tensor import Layout

_SAME = {
    "Identity",
    "Cast",
    "Clip",
    "Dropout",
    "Quant",
    "BipolarQuant",
    "IntQuant",
    "FloatQuant",
    "QuantizeLinear",
    "DequantizeLinear",
    "FakeQuantize",
}
"""Operators whose first output has the axes of their first input."""

_BOTH = {"Mul", "Where"}
"""Operators that combine arrays of one shape, such as a weight and its mask."""

_WEIGHT_INPUT = {
    "Conv": 1,
    "ConvInteger": 1,
    "QLinearConv": 3,
    "Gemm": 1,
    "MatMul": 1,
    "MatMulInteger": 1,
    "QLinearMatMul": 3,
}


def layouts(nodes: Iterable[Any]) -> dict[str, Layout]:
    """Layout of every value that reaches a multiplication, by name; values without one are not in it.

    Notes
    -----
    From each operator backwards: the weight of ``Conv`` is (out, in, *kernel), that of ``Gemm`` (in, out) or, with
    ``transB``, (out, in), that of ``MatMul`` (in, out), or (out, in) where it is the first factor.  On the way back
    quantisers and copies keep the axes and ``Transpose`` of a matrix swaps them.
    """
    makers = {output: node for node in nodes for output in node.output[:1]}
    found: dict[str, set[Layout]] = defaultdict(set)
    waiting = [use for node in makers.values() for use in _uses(node)]
    while waiting:
        name, layout = waiting.pop()
        if layout in found[name]:
            continue
        found[name].add(layout)
        maker = makers.get(name)
        if maker is not None:
            waiting.extend(_before(maker, layout))
    return {name: next(iter(kinds)) if len(kinds) == 1 else "unknown" for name, kinds in found.items()}


def _uses(node: Any) -> list[tuple[str, Layout]]:
    """Factors of a multiplication with the layout that a weight in their place has."""
    inputs = list(node.input)
    place = _WEIGHT_INPUT.get(node.op_type)
    if place is None or len(inputs) <= place:
        return []
    if "Conv" in node.op_type:
        return [(inputs[place], "torch")]
    flags = {attribute.name: attribute.i for attribute in node.attribute}
    second: Layout = "torch" if flags.get("transB") else "in_out"
    first: Layout = "in_out" if flags.get("transA") else "torch"
    return [(inputs[0], first), (inputs[place], second)]


def _before(node: Any, layout: Layout) -> list[tuple[str, Layout]]:
    """Inputs of an operator whose output has a layout, with theirs."""
    inputs = list(node.input)
    if node.op_type in _SAME:
        return [(name, layout) for name in inputs[:1]]
    if node.op_type in _BOTH:
        return [(name, layout) for name in inputs]
    if node.op_type == "Transpose":
        order = next((list(a.ints) for a in node.attribute if a.name == "perm"), [1, 0])
        if order == [1, 0]:
            return [(name, "in_out" if layout == "torch" else "torch") for name in inputs[:1]]
    return []
