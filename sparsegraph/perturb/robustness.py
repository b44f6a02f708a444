"""All curves of a net: what is perturbed, how strongly and how often, and the copies judged side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from sparsegraph.arguments import names_of, seed_of, told, whole
from sparsegraph.errors import DataError
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.perturb.curves import Robustness, curve_of
from sparsegraph.perturb.network import Network, Samples
from sparsegraph.perturb.perturbations import PAPER_ORDER, PERTURBATIONS, Perturbed
from sparsegraph.rng import rng_for

GRID = tuple(i / 20 for i in range(21))
"""0, 0.05, ..., 1."""

SCOPES = {
    "global": "global, links of all perturbed blocks removed as one set",
    "layer": "layer, the same share of links removed in each perturbed block",
}


@dataclass(frozen=True)
class Design:
    """What is done to a net.

    Parameters
    ----------
    perturbations : tuple of str
        Names of `PERTURBATIONS`; one alone may be given in place of a tuple.
    scope : {"global", "layer"}
        Whether removals see the links of all blocks together, or each block by itself. Weights are always shuffled
        and made noisy block by block.
    readout : {"auto", "include", "exclude"} or tuple of str
        Whether a dense last block is perturbed too; see :func:`sparsegraph.graph.readout.choose_readout`.
    grid : tuple of float
        Increasing, from 0 to 1: shares of each perturbation's largest x, which is 1 but for noise (5).
    n_repeats : int
        Of what is random.
    seed : int

    Raises
    ------
    TypeError
        If perturbations are not given by name.
    DataError
        If a value is impossible.
    UnknownNameError
        If there is no perturbation of a name.
    """

    perturbations: tuple[str, ...] = PAPER_ORDER
    scope: Literal["global", "layer"] = "global"
    readout: ReadoutPolicy = "auto"
    grid: tuple[float, ...] = GRID
    n_repeats: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "perturbations", names_of(self.perturbations, "perturbations"))
        for name in self.perturbations:
            PERTURBATIONS[name]
        if not self.perturbations or len(set(self.perturbations)) < len(self.perturbations):
            raise DataError(f"perturbations are {self.perturbations}; name at least one, and each once")
        if self.scope not in SCOPES:
            raise DataError(f"scope is {self.scope!r}; it is one of: {', '.join(SCOPES)}")
        grid = np.array(self.grid, dtype=float)
        if grid.size < 2 or grid[0] < 0 or grid[-1] > 1 or not (np.diff(grid) > 0).all():
            raise DataError("grid must hold at least two shares that rise between 0 and 1")
        object.__setattr__(self, "n_repeats", whole("n_repeats", self.n_repeats, least=1))
        object.__setattr__(self, "seed", seed_of(self.seed))


def robustness(
    network: Network,
    features: np.ndarray,
    labels: np.ndarray,
    *,
    design: Design = Design(),
    n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Robustness:
    """Accuracy of a net under perturbations of its links and weights, without any training afterwards.

    Parameters
    ----------
    network : Network
    features : ndarray of float, shape (n_samples, n_inputs)
        Usually the test images, normalised as in training.
    labels : ndarray of int, shape (n_samples,)
    design : Design
    n_jobs : int
        Threads, each judging another copy of the net; the numbers do not depend on it.
    progress : callable, optional
        Told after each copy how many are done, and of how many.

    Returns
    -------
    Robustness

    Raises
    ------
    DataError
        If the samples do not fit the net or each other.

    Notes
    -----
    Every perturbation, x and repeat draws from a stream of its own. Each copy costs O(links left x samples); the five
    curves with 10 repeats are 640 copies. Of 784-1000x3-10 with 1 % of the links a copy takes about a thirtieth of the
    time of dense torch, and less as links go (``benchmarks/perturb.py``). The net as it is stands at x = 0 of every
    curve and is judged once.

    References
    ----------
    B. Sulyok, Dynamic sparse training: structure and robustness (poster and slides): the five perturbations; grid,
    noise scale and bins are not given there and are ours.

    Examples
    --------
    >>> from sparsegraph.graph.layered import LayeredGraph
    >>> net = Network(LayeredGraph.from_matrices([np.eye(2)]), [None])
    >>> found = robustness(net, np.eye(2), np.arange(2), design=Design(("strongest",), readout="include"))
    >>> found.accuracy, found.curves[0].points[-1].mean
    (1.0, 0.5)
    """
    n_jobs, progress = whole("n_jobs", n_jobs, least=1, of="threads"), told(progress)
    samples, scene = Samples.of(features, labels), _Scene.of(network, design)
    accuracy = network.accuracy_with(np.ones(network.weights.size, np.bool_), network.weights, samples)
    trials = list(_trials(design))
    judge = partial(_judged, network, scene, samples, design.seed)
    found: dict[_Trial, float] = {}
    with ThreadPoolExecutor(n_jobs) as pool:
        for trial, value in zip(trials, pool.map(judge, trials), strict=True):
            found[trial] = value
            progress(len(found), len(trials))
    curves = []
    for name in design.perturbations:
        kind = PERTURBATIONS[name]
        table = [
            [found.get(_Trial(name, share, repeat), accuracy) for repeat in range(_n_repeats(name, design))]
            for share in design.grid
        ]
        x = kind.largest * np.array(design.grid, dtype=float)
        curves.append(curve_of(np.array(table), x, perturbation=name, x_label=kind.x_label, convention=kind.convention))
    return Robustness(
        accuracy=accuracy,
        chance=samples.chance,
        n_samples=samples.labels.size,
        n_links=sum(links.stop - links.start for links in scene.blocks),
        curves=tuple(curves),
        scope=SCOPES[design.scope],
        readout=scene.readout,
        activation=network.activation,
        seed=design.seed,
    )


@dataclass(frozen=True)
class _Trial:
    """One copy to judge: the share is that of the perturbation's largest x."""

    perturbation: str
    share: float
    repeat: int


def _n_repeats(name: str, design: Design) -> int:
    return design.n_repeats if PERTURBATIONS[name].is_random else 1


def _trials(design: Design) -> Iterator[_Trial]:
    for name in design.perturbations:
        for share in design.grid:
            if share > 0:
                yield from (_Trial(name, share, repeat) for repeat in range(_n_repeats(name, design)))


@dataclass(frozen=True)
class _Scene:
    """Which links are perturbed: those of each block, as a slice of the net's weights, and together."""

    blocks: tuple[slice, ...]
    is_pooled: bool
    readout: str

    @classmethod
    def of(cls, network: Network, design: Design) -> _Scene:
        choice = choose_readout(network.graph, design.readout)
        counts = np.cumsum([0, *(block.n_links for block in network.graph.blocks)]).tolist()
        # a chain loses its readout only, the last of its blocks
        n_blocks = len(choice.graph.blocks)
        blocks = tuple(slice(counts[i], counts[i + 1]) for i in range(n_blocks))
        return cls(blocks, design.scope == "global", choice.convention.replace("left out", "not perturbed"))

    def sets(self, *, removes: bool) -> Sequence[slice]:
        """The sets of links that a rule sees one by one."""
        if removes and self.is_pooled:
            return [slice(self.blocks[0].start, self.blocks[-1].stop)]
        return self.blocks


def _judged(network: Network, scene: _Scene, samples: Samples, seed: int, trial: _Trial) -> float:
    """Accuracy of one perturbed copy."""
    kind = PERTURBATIONS[trial.perturbation]
    rng = rng_for(seed, "perturb", trial.perturbation, f"{trial.share:.9g}", str(trial.repeat))
    copy = Perturbed(np.ones(network.weights.size, np.bool_), network.weights.copy())
    for links in scene.sets(removes=kind.removes):
        own = kind.rule(network.weights[links], kind.largest * trial.share, rng)
        copy.kept[links], copy.weights[links] = own.kept, own.weights
    return network.accuracy_with(copy.kept, copy.weights, samples)
