"""The symbolic reader against pickle itself."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.errors import LoadError
from sparsegraph.io.pickles.nodes import Call, Global, Pairs
from sparsegraph.io.pickles.reader import read_pickle

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.lists(inner).map(tuple)
    ),
    max_leaves=20,
)


def read(data: bytes) -> Any:
    return read_pickle(io.BytesIO(data), len(data)).root


def rebuilt(node: Any) -> Any:
    """Dictionaries instead of their descriptions."""
    if isinstance(node, Pairs):
        return {key: rebuilt(value) for key, value in node.pairs}
    if isinstance(node, list | tuple):
        return type(node)(rebuilt(item) for item in node)
    if isinstance(node, Call) and node.target.path in ("_codecs.encode", "builtins.bytes", "__builtin__.bytes"):
        return node.args[0].encode(node.args[1]) if node.args else b""  # bytes before protocol 3
    return node


@given(plain, st.integers(0, 5))
def test_plain_values_are_those_that_pickle_gives(value: Any, protocol: int) -> None:
    assert rebuilt(read(pickle.dumps(value, protocol))) == value


@pytest.mark.parametrize("protocol", range(6))
def test_globals_and_calls_are_described(protocol: int) -> None:
    root = read(pickle.dumps([OrderedDict(a=1), complex(1, 2), pytest.approx], protocol))
    assert isinstance(root[0], Pairs)
    assert root[0].get("a") == 1
    assert isinstance(root[1], Call)
    assert root[1].target.name == "complex"
    assert root[1].args == (1.0, 2.0)
    assert isinstance(root[2], Global)
    assert root[2].name == "approx"


def test_the_position_is_left_behind_the_pickle() -> None:
    data = pickle.dumps(1) + pickle.dumps("two")
    stream = io.BytesIO(data)
    assert [read_pickle(stream, len(data)).root for _ in range(2)] == [1, "two"]


def test_of_equal_keys_the_last_counts() -> None:
    pairs = read(b"\x80\x02}(X\x01\x00\x00\x00aK\x01X\x01\x00\x00\x00aK\x02u.")
    assert pairs.get("a") == 2
    assert dict(pairs.last()) == {"a": 2}


def test_every_truncation_is_refused() -> None:
    data = pickle.dumps({"a": [1, 2.5, (b"bytes", "text")]}, 4)
    for length in range(len(data)):
        with pytest.raises(LoadError):
            read(data[:length])
