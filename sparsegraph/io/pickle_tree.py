"""The leaves of a described pickle, under dotted names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sparsegraph.errors import LoadError
from sparsegraph.io.pickle_nodes import Call, Global, Pairs
from sparsegraph.io.pickle_policy import UNDERSTOOD, is_module

DEEPEST = 64
ROOT_NAME = "tensor"


def leaves(root: Any) -> Iterator[tuple[str, Any]]:
    """Every call that no container is, with its name; containers that occur twice are entered once.

    Dictionaries give their keys, lists and tuples ``[0]``, ``[1]``, ..., and a whole module the names of its state
    dict; tensors that a module holds as plain attributes are among them.

    Raises
    ------
    LoadError
        If containers lie more than ``DEEPEST`` deep.
    """
    entered: set[int] = set()
    waiting: list[tuple[str, Any, int]] = [("", root, 0)]
    while waiting:
        name, node, depth = waiting.pop()
        if isinstance(node, Call) and node.target.path in UNDERSTOOD and node.target.path != "collections.OrderedDict":
            yield name or ROOT_NAME, node
            continue
        children = _children(node)
        if not children:
            if isinstance(node, Call):
                yield name or ROOT_NAME, node
            continue
        if id(node) in entered:
            continue
        if depth >= DEEPEST:
            raise LoadError(f"a pickle nested more than {DEEPEST} deep; save tensors only, as a state_dict")
        entered.add(id(node))
        waiting.extend(
            (name + step if name else step.removeprefix("."), v, depth + 1) for step, v in reversed(children)
        )


def _children(node: Any) -> list[tuple[str, Any]]:
    """Steps from a container to what it holds: ``.key`` or ``[index]``; plain values are left out."""
    if isinstance(node, list | tuple):
        return [(f"[{index}]", value) for index, value in enumerate(node) if _may_hold(value)]
    if isinstance(node, Pairs):
        return [(f".{key}", value) for key, value in node.last() if _may_hold(value)]
    if not isinstance(node, Call):
        return []
    if is_module(node):
        return _of_module(node.attributes())
    if node.target.module.partition(".")[0] == "__torch__":
        return _children(node.attributes())
    if node.target.path == "collections.OrderedDict" and node.args and isinstance(node.args[0], list):
        pairs = [tuple(item) for item in node.args[0] if isinstance(item, list | tuple) and len(item) == 2]
        return _children(Pairs(pairs))
    return _children(node.entries) + _children(node.elements)


def _of_module(attributes: Pairs) -> list[tuple[str, Any]]:
    registers = ("_parameters", "_buffers", "_modules")
    own = [(key, value) for key, value in attributes.last() if key not in registers]
    plain = [(f".{key}", value) for key, value in own if isinstance(value, Call) and value.target.path in UNDERSTOOD]
    first, second, modules = (_children(attributes.get(register)) for register in registers)
    return first + second + plain + modules


def _may_hold(value: Any) -> bool:
    return isinstance(value, list | tuple | Pairs | Call) and not isinstance(value, Global)
