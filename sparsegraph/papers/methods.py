"""The methods by the names that figures and tables print, each the same everywhere."""

from __future__ import annotations

LABELS = {
    "dense": "dense",
    "dense-pruned": "dense, pruned",
    "ch3l3": "CH3-L3",
    "ch3l3-no-cr": "CH3-L3 without chain removal",
    "rlr": "RLR",
    "rlr-cr": "RLR with chain removal",
    "esml": "ESML",
    "set": "SET",
    "cht": "CHT",
    "chts": "CHTs",
    "rigl": "RigL",
    "mest": "MEST",
    "sst": "static",
    "static": "static",
    "snfs": "SNFS",
    "random": "random",
    "gradient": "gradient",
    "momentum": "momentum",
}
"""Methods as the names of profiles call them, and as figures do."""

_SUFFIXES = {
    "-2x": ", twice as wide",
    "-pm": ", removal by sign",
    "-random-removal": ", random removal",
    "-rigid-removal": ", rigid removal",
    "-ri": ", rigid removal by RI",
    "-ri-soft": ", removal by RI",
    "-rigid-regrowth": ", rigid regrowth",
    "-random-regrowth": ", random regrowth",
}


def label_of(method: str) -> str:
    """What figures call a method.

    Examples
    --------
    >>> label_of("chts"), label_of("cht-2x"), label_of("random-to-gradient"), label_of("mine")
    ('CHTs', 'CHT, twice as wide', 'random, then gradient', 'mine')
    """
    if method in LABELS:
        return LABELS[method]
    for suffix, words in _SUFFIXES.items():
        if method.endswith(suffix):
            return label_of(method.removesuffix(suffix)) + words
    for size in ("big", "small"):
        if method.startswith(f"rbm-{size}-"):
            return f"{size} RBM, {label_of(method.removeprefix(f'rbm-{size}-'))}"
    first, to, then = method.partition("-to-")
    return f"{label_of(first)}, then {label_of(then)}" if to else method


def stem_of(method: str) -> str:
    """The method that a variant is one of, for its colour.

    Examples
    --------
    >>> stem_of("rigl-2x"), stem_of("momentum-to-random"), stem_of("rbm-big-gradient"), stem_of("mine")
    ('rigl', 'momentum', 'gradient', 'mine')
    """
    if method.startswith("rbm-"):
        return stem_of(method.rpartition("-")[2])
    known = [name for name in LABELS if method == name or method.startswith(f"{name}-")]
    return max(known, key=len, default=method)
