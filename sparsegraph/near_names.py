"""What a name that is not known was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near_names(name: str, known: Iterable[str], *, otherwise: str | None = None) -> str:
    """A hint for a message: names that are nearly this one, else what is known.

    Parameters
    ----------
    name : str
    known : iterable of str
    otherwise : str, optional
        The hint where no name is near; by default all of them.

    Examples
    --------
    >>> near_names("kshel", ["rank", "kshell"])
    'did you mean kshell?'
    >>> near_names("zzz", ["rank", "kshell"])
    'known are: kshell, rank'
    """
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known are: {', '.join(known) or 'none'}" if otherwise is None else otherwise
