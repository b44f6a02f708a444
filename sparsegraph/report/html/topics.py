"""The sections on single subjects, as data: which measures each tells, in which order, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A section of measures.

    Parameters
    ----------
    name, title, lead : str
    measures : tuple of str
        Those told there, in their order.
    open : tuple of str
        Measures whose tables are seen at once; the others are seen on a click.
    """

    name: str
    title: str
    lead: str
    measures: tuple[str, ...]
    open: tuple[str, ...] = ()


DEGREES = Topic(
    "degrees",
    "Degrees and their tail",
    "The share of neurons with at least k links, on logarithmic axes. A power law would be a straight line from xmin "
    "on; whether it is one is decided by a bootstrap and by comparison with other laws, not by the eye.",
    ("powerlaw", "degree"),
    ("powerlaw",),
)
SHELLS = Topic(
    "shells",
    "k-shells",
    "Neurons that remain when all with fewer than k links are taken away again and again. Neurons without a link "
    "lie in shell 0 and are drawn grey.",
    ("kshell",),
    ("kshell",),
)
PATHS = Topic(
    "paths",
    "Input-output paths",
    "Paths along which credit can be assigned (CAP): how many there are, and how many run through hubs.",
    ("credit_paths", "path_length", "small_world", "rich_club", "assortativity"),
    ("credit_paths",),
)
RANKS = Topic(
    "ranks",
    "Ranks and weights",
    "How many directions the weight matrices really use. Effective rank: exponential of the entropy of the normalised "
    "singular values; stable rank: squared Frobenius over squared spectral norm.",
    ("rank", "weights"),
    ("rank",),
)
COMMUNITIES = Topic(
    "communities",
    "Communities, against null models",
    "Modularity is high in many random networks too: it says something only beside draws that keep what is trivial.",
    ("modularity", "structural_consistency"),
    ("modularity",),
)
DISK = Topic(
    "disk",
    "Hyperbolic disk",
    "Neurons by coalescent embedding: the nearer to the middle, the more links; angles are similarity. Rings are hubs.",
    ("hyperbolic", "navigability"),
    ("hyperbolic",),
)
INPUTS = Topic(
    "inputs",
    "Input map",
    "Where on the input the links begin, and where the first hidden layer looks.",
    ("input_map", "functional_activity"),
    ("input_map",),
)

TOPICS = (DEGREES, SHELLS, PATHS, RANKS, COMMUNITIES, DISK, INPUTS)
LAYERS = ("sparsity", "activity")
"""Measures told in the section on layers."""
IN_COURSE = ("turnover", "exploration", "kendall", "attachment", "link_survival")
"""Measures over training, in the order of the section on evolution."""
VERDICTS = ("sparsity", "activity", "powerlaw", "kshell", "credit_paths", "modularity", "rank", "hyperbolic")
"""Measures whose sentences stand in the verdict, besides those on null models."""


def placed() -> frozenset[str]:
    """All measures that have a place."""
    return frozenset((*LAYERS, *IN_COURSE, *(name for topic in TOPICS for name in topic.measures)))
