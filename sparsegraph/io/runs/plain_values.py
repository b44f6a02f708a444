"""Plain values: what goes into JSON and into the description of a snapshot."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.names import harmless

_DEEPEST = 32


def to_plain(value: Any, depth: int = 0) -> Any:
    """Copy of a value in None, bool, int, float, str, lists and dictionaries of texts.

    Numpy numbers and arrays become Python's, and so do torch's numbers (tensors without axes); tuples become lists; NaN
    and infinity, which JSON lacks, become None.  Equal values give copies that pickle to the same bytes.

    Raises
    ------
    TypeError
        If it holds anything else, or more than 32 levels.
    """
    if depth > _DEEPEST:
        raise TypeError(f"values are nested more than {_DEEPEST} deep")
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    elif getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, Mapping):
        return {to_plain(str(key)): to_plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(inner, depth + 1) for inner in value]
    if isinstance(value, str):
        # a pickle writes one object once: equal texts must be one object, whatever made them
        return sys.intern(str(value))
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"a run keeps plain values only (numbers, texts, lists, dictionaries), not {type(value).__name__}")


def to_json(value: Any) -> str:
    """One line of JSON."""
    return json.dumps(to_plain(value), ensure_ascii=True, allow_nan=False)


def from_json(text: str | bytes, what: str) -> dict[str, Any]:
    """A JSON object with harmless texts; ``what`` names it in messages.

    Raises
    ------
    LoadError
        If it is no JSON object.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise LoadError(f"{what} is no JSON; the file is damaged: copy it again") from None
    if not isinstance(value, dict):
        raise LoadError(f"{what} is no JSON object; the file is damaged: copy it again")
    return _harmless(value, what)


def read_bounded(path: Path, limit: int) -> bytes:
    """All bytes of a file of at most ``limit`` bytes."""
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise LoadError(f"more than {limit} bytes; that is no file of a run")
    return data


def _harmless(value: Any, what: str, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise LoadError(f"{what} is nested more than {_DEEPEST} deep; the file is damaged: copy it again")
    if isinstance(value, dict):
        return {harmless(key): _harmless(inner, what, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_harmless(inner, what, depth + 1) for inner in value]
    return harmless(value) if isinstance(value, str) else value
