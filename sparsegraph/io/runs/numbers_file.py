"""The file of kept numbers in the folder of a run: what was taken while its snapshots were there."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sparsegraph.errors import LoadError
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.door import refusals
from sparsegraph.io.runs.plain_values import from_json, read_bounded
from sparsegraph.result import Undefined

NUMBERS = "numbers.json"
_MOST_BYTES = 1024**2


def write_numbers(run: Path, numbers: Mapping[str, float | Undefined]) -> None:
    """Lay numbers, by what they are in words, into the folder of a run; what is not finite counts as undefined."""
    told = {name: _told(one) for name, one in numbers.items()}
    with atomic_write(run / NUMBERS) as temporary:
        temporary.write_text(json.dumps(told, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _told(one: float | Undefined) -> Any:
    if isinstance(one, Undefined):
        return {"undefined": one.reason}
    return one if math.isfinite(one) else {"undefined": f"the number is {one}"}


def read_numbers(run: Path) -> dict[str, float | Undefined]:
    """The numbers of a run; none where it has no such file.

    Raises
    ------
    LoadError
        If the file is damaged.
    """
    path = run / NUMBERS
    if not path.exists():
        return {}
    with refusals(path):
        content = from_json(read_bounded(path, _MOST_BYTES), "the kept numbers")
        if not isinstance(content, dict):
            raise LoadError("no numbers by name; the file is damaged: copy it again")
        return {name: _number(value) for name, value in content.items()}


def _number(value: Any) -> float | Undefined:
    match value:
        case {"undefined": str(reason)}:
            return Undefined(reason)
        case int() | float():
            return float(value)
    raise LoadError(f"{value!r} where a number was expected; the file is damaged: copy it again")
