"""The leaves of a described pickle, under dotted names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sparsegraph.errors import LoadError
from sparsegraph.io.pickles.nodes import Call, Pairs
from sparsegraph.io.pickles.policy import UNDERSTOOD, is_module

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

    Notes
    -----
    Linear in the pickle, however its parts refer to each other, since nothing is entered twice.
    """
    entered: set[int] = set()
    waiting: list[tuple[str, Any, int]] = [("", root, 0)]
    while waiting:
        name, node, depth = waiting.pop()
        container = _container(node)
        if container is None:
            if isinstance(node, Call):
                yield name or ROOT_NAME, node
            continue
        if id(container) in entered:
            continue
        if depth >= DEEPEST:
            raise LoadError(f"a pickle nested more than {DEEPEST} deep; save tensors only, as a state_dict")
        entered.add(id(container))
        steps = _of_module(container) if isinstance(node, Call) and is_module(node) else _steps(container)
        waiting.extend((_joined(name, step), value, depth + 1) for step, value in reversed(steps))


def _container(node: Any) -> Any:
    """What a node holds others in: itself, or the part of a call that does; None if it is a leaf."""
    if isinstance(node, list | tuple | Pairs):
        return node
    if not isinstance(node, Call) or node.target.path in UNDERSTOOD:
        return None
    if is_module(node) or node.target.module.partition(".")[0] == "__torch__":
        return node.attributes()
    return node.entries or node.elements


def _steps(container: Any) -> list[tuple[str, Any]]:
    """Steps from a container to what it holds: ``.key`` or ``[index]``; plain values are left out."""
    if isinstance(container, Pairs):
        return [(f".{key}", value) for key, value in container.last() if _may_hold(value)]
    return [(f"[{index}]", value) for index, value in enumerate(container) if _may_hold(value)]


def _of_module(attributes: Pairs) -> list[tuple[str, Any]]:
    """Steps of a module: its registers, which add no name of their own, around its plain tensors."""
    parameters, buffers, modules = ("_parameters", "_buffers", "_modules")
    plain = [
        (f".{key}", value)
        for key, value in attributes.last()
        if isinstance(value, Call) and value.target.path in UNDERSTOOD
    ]
    return [("", attributes.get(parameters)), ("", attributes.get(buffers)), *plain, ("", attributes.get(modules))]


def _joined(name: str, step: str) -> str:
    return name + step if name else step.removeprefix(".")


def _may_hold(value: Any) -> bool:
    return isinstance(value, list | tuple | Pairs | Call)
