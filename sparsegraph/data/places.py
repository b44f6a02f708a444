"""Where the files of data sets are looked for."""

from __future__ import annotations

import os
from pathlib import Path

from sparsegraph.user_cache import user_cache

VARIABLE = "SPARSEGRAPH_DATA"
"""Environment variable that names the data folder."""


def data_folders(folder: str | os.PathLike[str] | None = None) -> tuple[Path, ...]:
    """Folders that are searched, the first one first; downloads go to the first.

    An explicit ``folder`` is the only one; else ``SPARSEGRAPH_DATA`` where it is set, then the user's cache.

    Examples
    --------
    >>> data_folders("pictures")[0].name
    'pictures'
    """
    if folder is not None:
        return (Path(folder).expanduser(),)
    named = os.environ.get(VARIABLE)
    return (*([Path(named).expanduser()] if named else []), user_cache() / "sparsegraph" / "data")
