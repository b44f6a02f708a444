"""Files that another file names: only those beside it."""

from __future__ import annotations

from pathlib import Path

from sparsegraph.errors import LoadError


def beside(owner: Path, name: str) -> Path:
    """The file called ``name`` in the directory of ``owner``, which names it.

    Parameters
    ----------
    owner : Path
        The file that holds the name (a shard index, an ONNX model).
    name : str
        A plain file name.

    Raises
    ------
    LoadError
        If the name has a directory in it, the file is missing, or it is a symbolic link that leads elsewhere.  One
        case of links is allowed: ``owner`` is a link too and both lead to one directory, as in the caches that model
        hubs keep (``snapshots/<revision>/name`` points to ``blobs/<hash>``).
    """
    if name in ("", ".", "..") or any(character in name for character in "/\\\0:"):
        raise LoadError(f"names the file {name!r}; only files in its own directory are read: move it there")
    path = owner.parent / name
    if not path.exists():
        raise LoadError(f"{name} is missing beside it; download or copy that file too")
    home = path.resolve().parent
    if home != owner.parent.resolve() and not (owner.is_symlink() and home == owner.resolve().parent):
        raise LoadError(f"{name} is a link that leads out of its directory; copy the file itself there")
    return path
