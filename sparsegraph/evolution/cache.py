"""Numbers that were measured before: a folder of small files, each named by what decides its content."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.numbers import Number
from sparsegraph.io.atomic import atomic_write
from sparsegraph.user_cache import VARIABLE


@dataclass(frozen=True)
class Cache:
    """Numbers by key; any number of processes may read and write at once.

    A file is there completely or not at all, and what cannot be read counts as absent: it is measured again.
    The folder may be deleted at any time.

    Parameters
    ----------
    folder : Path
    """

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> Cache:
        """A cache in this folder, which is made where it is missing.

        Raises
        ------
        SparseGraphError
            If it cannot be made.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SparseGraphError(
                f"{folder}: no folder for the cache can be made ({error.strerror}); name another one in {VARIABLE}, or "
                "follow without a cache"
            ) from None
        return cls(folder)

    def get(self, key: str) -> tuple[Number, ...] | None:
        """The numbers of that key; None where they are not there or damaged."""
        try:
            content = json.loads(zlib.decompress(self._path(key).read_bytes()))
            if content["key"] != key:
                return None
            return tuple(_number(*entry) for entry in content["numbers"])
        except (OSError, zlib.error, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, numbers: Sequence[Number]) -> None:
        """Keep the numbers; where the disk refuses they are just not kept."""
        content = zlib.compress(json.dumps({"key": key, "numbers": numbers}).encode())
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            with atomic_write(path, flush=False) as temporary:
                temporary.write_bytes(content)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _number(layer: str, field: str, value: float | None, undefined: str | None, snapshot: int | None) -> Number:
    return Number(str(layer), str(field), None if value is None else float(value), undefined, snapshot)
