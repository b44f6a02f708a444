"""Power law: whether degrees have a power-law tail, how steep it is, and whether other laws describe it better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, PowerLawFit, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import Rule, bootstrap_p_value
from sparsegraph.kernels.tail_alternatives import LAWS, compare_tails
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.degree import degrees
from sparsegraph.result import Result, Undefined

SMALLEST_TAIL = 10
"""Fewer data give no exponent."""

TRUSTED_TAIL = 50
"""Fewer data give no verdict but a rejection (Clauset et al. 2009, section 3.3)."""

CSN_LEVEL = 0.1
"""A power law with p up to this is rejected (Clauset et al. 2009, section 4.1); a likelihood ratio below decides."""

SURVIVAL_LEVEL = 0.95
SURVIVAL_XMIN = 110

SMALL_SAMPLE = 100
"""Below this many neurons the authors' grid fit is corrected for finite size."""


@dataclass(frozen=True)
class Alternative(Result):
    """One other law on the same tail.

    Parameters
    ----------
    log_likelihood_ratio : float
        ln L(power law) - ln L(alternative), in nats: positive speaks for the power law, negative for the other.
    normalised : float
        The ratio over its standard deviation (Vuong).
    p_value : float
        Probability of a ratio at least as far from 0 if both laws are equally good.
    favours : str
        ``power_law`` or the name of the alternative if p < 0.1, else ``neither``.
    nested : bool
        Whether the power law is a special case of it; the ratio is then never positive.
    parameters : mapping of str to float
    """

    log_likelihood_ratio: float
    normalised: float
    p_value: float
    favours: str
    nested: bool
    parameters: Mapping[str, float]


@dataclass(frozen=True)
class GridFit(Result):
    """Fit as the CHT papers make it: alpha among 1.01, 1.02, ..., 10, corrected for fewer than 100 neurons.

    ``capped`` says that alpha ran into the end of the grid, and so is a bound and no estimate.
    """

    alpha: float | Undefined
    xmin: int | Undefined
    capped: bool | Undefined


@dataclass(frozen=True)
class SelectedTail(Result):
    """Free fit with the xmin of smallest distance, whatever rule or xmin was asked for."""

    alpha: float | Undefined
    xmin: int | Undefined
    n_tail: int | Undefined
    ks_distance: float | Undefined


@dataclass(frozen=True)
class DegreeFit(Result):
    """Power law fitted to the degrees of one set of neurons.

    Parameters
    ----------
    n : int
        Neurons with a degree above 0; the others are left out.
    alpha, sigma : float
        Exponent of P(k) ~ k^-alpha and its standard error.
    xmin, n_tail : int
        Smallest degree of the tail and number of neurons in it.
    ks_distance : float
        Kolmogorov-Smirnov distance of the tail from the fit.
    p_value : float
        Goodness of fit: share of synthetic samples at least as far from their own fit; small is bad.
    verdict : str
        See :func:`powerlaw`.
    alternatives : mapping of str to Alternative
    grid : GridFit
    """

    n: int
    alpha: float | Undefined
    sigma: float | Undefined
    xmin: int | Undefined
    n_tail: int | Undefined
    ks_distance: float | Undefined
    p_value: float | Undefined
    verdict: str | Undefined
    alternatives: Mapping[str, Alternative | Undefined]
    grid: GridFit


@dataclass(frozen=True)
class LayerDegreeFit(DegreeFit):
    """Power law fitted to the degrees of one layer."""

    layer: str


@dataclass(frozen=True)
class PowerLaw(DegreeFit):
    """Power law of the pooled hidden neurons, then of their in- and out-degrees and of each layer.

    Parameters
    ----------
    rule : str
        Decision rule, ``csn`` or ``survival``.
    degree : str
        ``total``, ``in`` or ``out``: the degree of all fields but ``in_degree``, ``out_degree`` and ``grid_whole``.
    neurons : str
        Which neurons are pooled.
    replicas : int
        Synthetic samples behind each p.
    selected : SelectedTail
    grid_whole : GridFit
        On the total degrees of all neurons of the graph, as the CHT papers have it.
    in_degree, out_degree : DegreeFit
        Of the pooled neurons.
    per_layer : tuple of LayerDegreeFit
    readout : str
    """

    rule: str
    degree: str
    neurons: str
    replicas: int
    selected: SelectedTail
    grid_whole: GridFit
    in_degree: DegreeFit
    out_degree: DegreeFit
    per_layer: tuple[LayerDegreeFit, ...]
    readout: str = "readout counted"


@register("powerlaw")
def powerlaw(
    graph: LayeredGraph,
    *,
    rng: np.random.Generator,
    xmin: int | None = None,
    rule: Rule = "csn",
    replicas: int = 2500,
    degree: Literal["total", "in", "out"] = "total",
) -> PowerLaw:
    """Power-law fit of the degrees: exponent, goodness of fit, alternatives and a verdict in words.

    Maximum likelihood for P(k) = k^-alpha / zeta(alpha, xmin), k >= xmin, on the degrees of all hidden neurons pooled
    (of all neurons if no layer is hidden), on their in- and out-degrees, and on each layer; stored zeros are links
    and the readout counts.  Every fit has its own bootstrap.

    Verdicts of rule ``csn``, the first that applies: ``rejected`` (p <= 0.1); ``too few`` (n_tail < 50);
    ``not scale-free`` (alpha outside 2 < alpha <= 3, or the grid fit capped, or an alternative significantly better);
    ``plausible, alternatives not excluded`` (some alternative not significantly worse); ``scale-free``.
    Significant is a likelihood ratio with p < 0.1.  The truncated power law contains the power law and so can't be
    worse: it counts as excluded if its cutoff gains nothing significant.
    Rule ``survival`` keeps xmin fixed, 110 by default, and says ``rejected (p < 0.95)`` or
    ``not rejected (p >= 0.95)``; by construction it rejects about 95 of 100 true power laws.
    With fewer than 10 data in the tail alpha is undefined and either rule says ``too few``.

    Parameters
    ----------
    graph : LayeredGraph
    rng : numpy.random.Generator
    xmin : int, optional
        Fixed smallest degree of every tail; by default the one of smallest distance.
    rule : {"csn", "survival"}
        Clauset, Shalizi and Newman's, or that of the paper "Survival of the Most Connected".
    replicas : int
        Synthetic samples per p-value; 2500 give p to 0.01.
    degree : {"total", "in", "out"}

    Returns
    -------
    PowerLaw

    Raises
    ------
    DataError
        If xmin or replicas is below 1, or rule or degree is unknown.

    Notes
    -----
    Tens of milliseconds per fit, nearly independent of the number of neurons: one for the pooled neurons, two for
    their in- and out-degrees, and one per layer.  The paper on survival writes p both above 0.1 and above 0.95 for
    the same decision; both rules are here, by name.  That a fit isn't rejected says little: on Poisson degrees p
    exceeds 0.1 in most samples, with a steep and short tail.

    References
    ----------
    A. Clauset, C. R. Shalizi, M. E. J. Newman, Power-law distributions in empirical data, SIAM Review 51 (2009) 661,
    sections 3 to 5.
    Matab, Mocanu, Wu, Survival of the Most Connected, sections 4.6 and 5.3, equations 19 and 20.

    Examples
    --------
    >>> graph = LayeredGraph.from_matrices([np.eye(4), np.eye(4)])
    >>> print(powerlaw(graph, rng=np.random.default_rng(0)).verdict)
    undefined (all 4 positive data equal 2; a power-law fit needs at least 2 distinct values)
    """
    _check_options(xmin, rule, replicas, degree)
    fixed = SURVIVAL_XMIN if rule == "survival" and xmin is None else xmin
    counted = degrees(graph)
    chosen = {"total": counted.total, "in": counted.incoming, "out": counted.outgoing}[degree]
    members = [np.arange(graph.offsets[i], graph.offsets[i + 1]) for i in range(len(graph.layers))]
    hidden = graph.hidden_layers
    pooled = np.concatenate([members[i] for i in hidden or range(len(members))])
    samples = [chosen[pooled], counted.incoming[pooled], counted.outgoing[pooled], *(chosen[m] for m in members)]
    streams = rng.integers(2**63, size=(len(samples), 2))
    fits = [
        _degree_fit(sample, np.random.default_rng(stream), fixed, rule, replicas)
        for sample, stream in zip(samples, streams, strict=True)
    ]
    return PowerLaw(
        **fits[0],
        rule=rule,
        degree=degree,
        neurons="hidden neurons, pooled" if hidden else "all neurons, pooled (no hidden layer)",
        replicas=replicas,
        selected=_selected_tail(samples[0]),
        grid_whole=_grid_fit(counted.total),
        in_degree=DegreeFit(**fits[1]),
        out_degree=DegreeFit(**fits[2]),
        per_layer=tuple(
            LayerDegreeFit(**fit, layer=layer.name) for fit, layer in zip(fits[3:], graph.layers, strict=True)
        ),
    )


def fit_degrees(
    sample: np.ndarray,
    *,
    rng: np.random.Generator,
    xmin: int | None = None,
    rule: Rule = "csn",
    replicas: int = 2500,
) -> DegreeFit:
    """Fit, p-value, alternatives and verdict of one sample of degrees; the options are those of :func:`powerlaw`."""
    return DegreeFit(**_degree_fit(sample, rng, xmin, rule, replicas))


def csn_verdict(fit: PowerLawFit, p_value: float, grid: GridFit, alternatives: Mapping[str, Alternative]) -> str:
    """Verdict of rule ``csn`` on a fit with at least 10 data in its tail; the words are those of :func:`powerlaw`."""
    if p_value <= CSN_LEVEL:
        return "rejected"
    if fit.n_tail < TRUSTED_TAIL:
        return "too few"
    better = any(other.favours == name for name, other in alternatives.items())
    if not 2.0 < fit.alpha <= 3.0 or grid.capped or better:
        return "not scale-free"
    if all(other.nested or other.favours == "power_law" for other in alternatives.values()):
        return "scale-free"
    return "plausible, alternatives not excluded"


def survival_verdict(p_value: float) -> str:
    """Verdict of rule ``survival``."""
    return f"rejected (p < {SURVIVAL_LEVEL})" if p_value < SURVIVAL_LEVEL else f"not rejected (p >= {SURVIVAL_LEVEL})"


def _check_options(xmin: int | None, rule: str, replicas: int, degree: str) -> None:
    if xmin is not None and xmin < 1:
        raise DataError(f"xmin is {xmin}; a degree of at least 1 is needed")
    if replicas < 1:
        raise DataError(f"{replicas} replicas give no p-value; at least 1 is needed")
    for given, known in ((rule, ("csn", "survival")), (degree, ("total", "in", "out"))):
        if given not in known:
            raise DataError(f"{given!r} is none of {', '.join(known)}")


def _degree_fit(
    sample: np.ndarray, rng: np.random.Generator, xmin: int | None, rule: Rule, replicas: int
) -> dict[str, Any]:
    """Fields of a :class:`DegreeFit`."""
    fields: dict[str, Any] = {"n": int(np.count_nonzero(sample)), "grid": _grid_fit(sample)}
    try:
        fit = fit_discrete(sample, xmin=xmin)
    except DataError as error:
        reason = Undefined(str(error))
        missing = ("alpha", "sigma", "xmin", "n_tail", "ks_distance", "p_value", "verdict")
        return fields | dict.fromkeys(missing, reason) | {"alternatives": dict.fromkeys(LAWS, reason)}
    fields |= {"xmin": fit.xmin, "n_tail": fit.n_tail, "ks_distance": fit.ks_distance}
    if fit.n_tail < SMALLEST_TAIL:
        reason = Undefined(f"the tail has {fit.n_tail} values, at least {SMALLEST_TAIL} are needed")
        fields |= dict.fromkeys(("alpha", "sigma", "p_value"), reason)
        return fields | {"verdict": "too few", "alternatives": dict.fromkeys(LAWS, reason)}
    p_value = bootstrap_p_value(sample, fit, replicas=replicas, rng=rng, rule=rule)
    alternatives = _alternatives(sample, fit)
    if rule == "survival":
        verdict = survival_verdict(p_value)
    else:
        verdict = csn_verdict(fit, p_value, fields["grid"], alternatives)
    fields |= {"alpha": fit.alpha, "sigma": fit.sigma, "p_value": p_value}
    return fields | {"verdict": verdict, "alternatives": alternatives}


def _alternatives(sample: np.ndarray, fit: PowerLawFit) -> dict[str, Alternative]:
    made = {}
    for name, test in compare_tails(sample, fit).items():
        winner = "power_law" if test.log_likelihood_ratio > 0 else name
        favours = winner if test.p_value < CSN_LEVEL else "neither"
        made[name] = Alternative(
            test.log_likelihood_ratio, test.normalised, test.p_value, favours, test.nested, test.parameters
        )
    return made


def _grid_fit(sample: np.ndarray) -> GridFit:
    small = int(np.count_nonzero(sample)) < SMALL_SAMPLE
    try:
        fit = fit_discrete(sample, alpha_grid=CLAUSET_GRID, finite_size=small)
    except DataError as error:
        return GridFit(*(Undefined(str(error)),) * 3)
    return GridFit(fit.alpha, fit.xmin, fit.capped)


def _selected_tail(sample: np.ndarray) -> SelectedTail:
    try:
        fit = fit_discrete(sample)
    except DataError as error:
        return SelectedTail(*(Undefined(str(error)),) * 4)
    return SelectedTail(fit.alpha, fit.xmin, fit.n_tail, fit.ks_distance)
