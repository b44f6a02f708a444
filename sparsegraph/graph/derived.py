"""What several measures derive from one graph is worked out once, and freed with the graph."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

KEPT_BYTES = 2**28
"""What takes more is made anew each time it is asked for: at hundreds of millions of links memory is scarcer."""

_ATTRIBUTE = "_derived"


class _Store(dict[Any, Any]):
    """Derived values by function and arguments; does not travel with its owner to other processes."""

    def __reduce__(self) -> tuple[type[_Store], tuple[()]]:
        return _Store, ()


def derived(function: F) -> F:
    """Let ``function(frozen, *arguments)`` work once for each frozen object and each set of arguments.

    The value is kept in the object's own dictionary, as ``cached_property`` keeps it, so that it lives as long and is
    no part of equality, pickles and copies with changes.  Its arrays become read-only, whether they are kept or not.

    Parameters
    ----------
    function : callable
        Pure; of an object that never changes, such as a ``LayeredGraph``, and of hashable arguments.  Its value must
        not hold the object itself, which would outlive its last use.

    Notes
    -----
    A value whose arrays take more than ``KEPT_BYTES`` together is given back but not kept.

    Examples
    --------
    >>> from sparsegraph.graph.layered import LayeredGraph
    >>> @derived
    ... def n_links(graph):
    ...     print("counting")
    ...     return graph.n_links
    >>> graph = LayeredGraph.from_matrices([np.eye(3)])
    >>> n_links(graph), n_links(graph)
    counting
    (3, 3)
    """

    @functools.wraps(function)
    def once(owner: Any, *arguments: Any, **named: Any) -> Any:
        store = owner.__dict__.setdefault(_ATTRIBUTE, _Store())
        key = (function.__module__, function.__qualname__, arguments, tuple(sorted(named.items())))
        if key not in store:
            value = function(owner, *arguments, **named)
            if _frozen(value) > KEPT_BYTES:
                return value
            store[key] = value
        return store[key]

    return once  # type: ignore[return-value]


def _frozen(value: Any) -> int:
    """Bytes of the arrays in a value, in its tuples and in its dataclasses, which are made read-only."""
    if isinstance(value, tuple):
        return sum(map(_frozen, value))
    if is_dataclass(value) and not isinstance(value, type):
        return sum(_frozen(getattr(value, field.name)) for field in fields(value))
    if not isinstance(value, np.ndarray):
        return 0
    value.flags.writeable = False
    return value.nbytes
