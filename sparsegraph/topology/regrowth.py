"""Which links a topology update adds."""

from __future__ import annotations

import importlib
from typing import Literal, get_args

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.selection import top_positions
from sparsegraph.registry import Registry
from sparsegraph.topology.rule import Rule
from sparsegraph.topology.sampling import sample_without_replacement

ZeroFill = Literal["active_only", "all", "none"]

SMALL_SCORE = 1e-5
"""What the CHTs authors add to every score before they sample where too few are positive."""


def _import_scores() -> None:
    importlib.import_module("sparsegraph.topology.regrowth_scores")


REGROWTH_SCORES: Registry[Rule] = Registry("regrowth score", group="sparsegraph.regrowth", fill=_import_scores)
"""Scores of absent links: ``function(mask, *, <needs>) -> ndarray of float, shape mask.shape``, finite and at least 0;
what they say about present links is ignored.  Add one with ``@enter(REGROWTH_SCORES, "name", needs=...)``."""


def uniform(mask: Mask, n: int, *, rng: np.random.Generator) -> np.ndarray:
    """Positions of ``n`` absent links drawn uniformly without replacement.

    Parameters
    ----------
    mask : Mask
    n : int
        At most the number of absent links.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n,)
        Flat positions, increasing, none of them in the mask.

    Raises
    ------
    DataError
        If fewer than ``n`` links are absent.

    Notes
    -----
    Draws ranks among the absent positions and shifts each past the present ones before it, so that no list of the
    absent positions is ever made.
    """
    n_absent = mask.n_possible - mask.n_links
    if not 0 <= n <= n_absent:
        raise DataError(f"{n} links to add, but only {n_absent} of {mask.n_possible} are absent")
    ranks = np.sort(rng.choice(n_absent, n, replace=False, shuffle=False).astype(np.int64))
    n_absent_before = mask.positions - np.arange(mask.n_links)
    return ranks + np.searchsorted(n_absent_before, ranks, side="right")


def choose_added(
    mask: Mask,
    scores: np.ndarray,
    n: int,
    *,
    exponent: float | None = None,
    zero_fill: ZeroFill = "active_only",
    rng: np.random.Generator,
) -> np.ndarray:
    """Positions of ``n`` absent links chosen by score.

    Parameters
    ----------
    mask : Mask
        Links that are there when the choice is made.
    scores : ndarray of float, shape ``mask.shape``
        Finite and at least 0 where a link is absent; ignored where one is present.
    n : int
        At most the number of absent links.
    exponent : float, optional
        None: the n highest scores, ties at the border at random.  Else drawn one after the other, each with probability
        in proportion to ``score ** exponent``; 0 is uniform.
    zero_fill : {"active_only", "all", "none"}
        What happens when fewer than n absent links have a score above 0.

        - ``"active_only"``: all these are added, and the rest uniformly among the absent links between two neurons
          that both have a link in ``mask``; where even these are too few, all of them and the rest anywhere, since the
          exact count comes first.
        - ``"all"``: the rest uniformly anywhere; for the soft choice instead every absent link's score is raised by
          1e-5 before the draw, as in the authors' program.
        - ``"none"``: nothing more is added, and fewer than n links are returned.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64
        Flat positions, increasing, distinct and absent; n of them except under ``"none"``.

    Raises
    ------
    DataError
        If the scores have another shape or one of them is negative or not finite, if n is more than there is room for,
        or if the policy is none of the three.

    Notes
    -----
    The authors' rigid program adds every link that ties with the n-th and, with too few positive scores, fewer than n;
    here the count is exact unless ``"none"`` asks otherwise.

    References
    ----------
    Y. Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, Appendix D (rigid).
    Y. Zhang et al., Brain-inspired sparse training in MLP and transformers with network science modeling via
    Cannistraci-Hebb soft rule (CHTs), preprint 202406.1136 (2024), eq. 3 (soft).
    """
    if zero_fill not in get_args(ZeroFill):
        raise DataError(f"zero_fill is {zero_fill!r}; it can be {', '.join(get_args(ZeroFill))}")
    n_absent = mask.n_possible - mask.n_links
    if not 0 <= n <= n_absent:
        raise DataError(f"{n} links to add, but only {n_absent} of {mask.n_possible} are absent")
    if exponent == 0:
        return uniform(mask, n, rng=rng)
    values = _checked(mask, scores)
    if exponent is None:
        chosen = top_positions(values, n, excluded=mask.positions, rng=rng)
        chosen = chosen[values[chosen] > 0]
    else:
        chosen = _sampled(mask, values, n, exponent, zero_fill, rng)
    n_lacking = n - chosen.size
    if n_lacking == 0 or zero_fill == "none":
        return chosen
    taken = Mask(mask.shape, np.sort(np.concatenate([mask.positions, chosen])))
    fill = uniform(taken, n_lacking, rng=rng) if zero_fill == "all" else _active_fill(mask, taken, n_lacking, rng)
    return np.sort(np.concatenate([chosen, fill]))


def _checked(mask: Mask, scores: np.ndarray) -> np.ndarray:
    """The scores as a flat array of floats."""
    scores = np.asarray(scores)
    if scores.shape != mask.shape:
        raise DataError(f"scores of shape {scores.shape} do not fit a mask of shape {mask.shape}")
    values = np.ascontiguousarray(scores, scores.dtype if scores.dtype.kind == "f" else np.float64).ravel()
    # The least and largest of numbers of which one is NaN are NaN, so that one comparison finds all that is amiss.
    if values.size and not (values.min() >= 0 and values.max() < np.inf):
        amiss = ~((values >= 0) & (values < np.inf))
        amiss[mask.positions] = False
        if amiss.any():
            raise DataError(f"{amiss.sum()} regrowth scores of absent links are negative or not finite")
        values = np.where(np.isfinite(values), values, 0)
    return values


def _sampled(
    mask: Mask, values: np.ndarray, n: int, exponent: float, zero_fill: ZeroFill, rng: np.random.Generator
) -> np.ndarray:
    """At most ``n`` absent links drawn by score; all positive ones if these are no more and no policy adds to them."""
    weights = values.copy()
    weights[mask.positions] = 0
    n_positive = int(np.count_nonzero(weights != 0))
    if n_positive < n and zero_fill == "all":
        weights = weights.astype(np.float64) + SMALL_SCORE
        weights[mask.positions] = 0
        n_positive = n
    return sample_without_replacement(weights, min(n, n_positive), exponent=exponent, rng=rng)


def _active_fill(mask: Mask, taken: Mask, n: int, rng: np.random.Generator) -> np.ndarray:
    """``n`` positions outside ``taken``, between neurons with a link in ``mask`` as far as there are such."""
    active = [np.unique(mask.source), np.unique(mask.target)]
    among = np.isin(taken.source, active[0]) & np.isin(taken.target, active[1])
    rows, columns = (
        np.searchsorted(a, ends[among]) for a, ends in zip(active, (taken.source, taken.target), strict=True)
    )
    shape = (active[0].size, active[1].size)
    inner = Mask(shape, rows * shape[1] + columns)
    n_inner = min(n, inner.n_possible - inner.n_links)
    row, column = np.divmod(uniform(inner, n_inner, rng=rng), max(shape[1], 1))
    fill = active[0][row] * mask.shape[1] + active[1][column]
    if n_inner == n:
        return fill
    taken = Mask(mask.shape, np.sort(np.concatenate([taken.positions, fill])))
    return np.concatenate([fill, uniform(taken, n - n_inner, rng=rng)])
