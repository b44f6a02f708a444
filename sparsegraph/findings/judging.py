"""From numbers to a word: what they conclude about one claim.

Let x be the numbers of a claim, one a seed and data set, and the rule one or two bounds.

- supported: the 95 % interval of the mean of all x lies within the bounds, and so does the mean of each data set;
- contradicted: the interval at a level of 1 - 0.05 / m lies wholly beyond a bound, or that of one data set does, at
  1 - 0.05 / (k m), for k data sets and the m claims of a finding (which falls with one claim on one data set);
- inconclusive: neither; and always with fewer than three seeds that have a number, or where runs differ in length.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sparsegraph.findings.arithmetic import CONFIDENCE, Interval, effect_size
from sparsegraph.findings.claim import Claim
from sparsegraph.findings.evidence import ENOUGH_SEEDS
from sparsegraph.findings.printed import paper_values
from sparsegraph.findings.rule import Rule, Unit, written
from sparsegraph.findings.samples import Samples
from sparsegraph.findings.statistics import Statistic
from sparsegraph.findings.verdict import OnData, Part, Scale, Word


def judged(claim: Claim, samples: Sequence[Samples], *, n_claims: int = 1) -> Part:
    """What samples say of a claim.

    Parameters
    ----------
    claim : Claim
    samples : sequence of Samples
        One a data set; data sets with fewer than three seeds count only where there is no other.
    n_claims : int
        How many claims the finding has that count.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsegraph.findings.arms import arm
    >>> from sparsegraph.findings.quantities import Noted
    >>> from sparsegraph.findings.statistics import Of
    >>> claim = Claim(Noted("accuracy", ("test.accuracy",)), Of((arm("esml-set"),)), Rule(above=0.5))
    >>> one = Samples("mnist", (0, 1, 2), np.array([[0.9], [0.91], [0.92]]), "full", "full: 250 epochs")
    >>> judged(claim, [one]).verdict
    'supported'
    """
    statistic = claim.statistic
    with_rows = [one for one in (_defined(statistic, each) for each in samples) if one.seeds]
    shown = _enough(with_rows) or with_rows
    rule = _rule(claim, _scale(shown or samples))
    part = _empty(claim, rule, samples)
    interval = statistic.interval([one.values for one in shown]) if shown else None
    if interval is None:
        return part
    part = _with_numbers(part, statistic, shown, interval, rule)
    if len(shown) < len(with_rows):
        left = ", ".join(one.data for one in with_rows if one not in shown)
        part = replace(part, notes=(*part.notes, f"left out: {left}, fewer than {ENOUGH_SEEDS} seeds"))
    if lengths := sorted({length for one in shown for length in one.lengths}):
        told = f"the runs are of different lengths ({', '.join(map(str, lengths))} epochs)"
        return replace(part, verdict="inconclusive", reason=told)
    if not _enough(shown):
        n = part.n_seeds
        return replace(part, verdict="inconclusive", reason=f"{n} seed{'s' if n > 1 else ''}, {ENOUGH_SEEDS} needed")
    return _concluded(part, statistic, [one.values for one in shown], interval, rule, n_claims)


def _defined(statistic: Statistic, one: Samples) -> Samples:
    """Without the seeds whose numbers give the statistic none, such as the ratio of one that is 0."""
    keeps = statistic.defined(one.values)
    if not len(one.seeds) or keeps.all():
        return one
    lost = ", ".join(str(seed) for seed, stays in zip(one.seeds, keeps, strict=True) if not stays)
    seeds = tuple(seed for seed, stays in zip(one.seeds, keeps, strict=True) if stays)
    note = f"{one.data}, seed {lost}: the statistic is undefined"
    return replace(one, seeds=seeds, values=one.values[keeps], notes=(*one.notes, note))


def _concluded(
    part: Part, statistic: Statistic, groups: list[np.ndarray], interval: Interval, rule: Rule, n_claims: int
) -> Part:
    word = word_of(statistic, groups, interval, rule, n_claims)
    if word != "inconclusive":
        return replace(part, verdict=word)
    if n_claims > 1 and word_of(statistic, groups, interval, rule) == "contradicted":
        return replace(part, verdict=word, reason=f"beyond the bound, but not at the level for {n_claims} parts")
    if any(one.holds is False for one in part.per_data) and part.holds and statistic.judges_each_data_set:
        return replace(part, verdict=word, reason="the data sets do not agree")
    return replace(part, verdict=word, reason="the interval holds a bound")


def word_of(statistic: Statistic, groups: list[np.ndarray], interval: Interval, rule: Rule, n_claims: int = 1) -> Word:
    """The word, given enough seeds.

    Parameters
    ----------
    statistic : Statistic
    groups : list of ndarray, shape (n_seeds, n_arms)
        One a data set.
    interval : Interval
        Of all groups together, on the statistic's scale.
    rule : Rule
    n_claims : int
        How many claims the finding has, any of which can contradict it.
    """
    each = groups if statistic.judges_each_data_set else []
    doubt = (1 - CONFIDENCE) / n_claims
    own = [statistic.interval([group], 1 - doubt / len(each)) for group in each if len(group) >= ENOUGH_SEEDS]
    several = [one for one in (statistic.interval(groups, 1 - doubt), *own) if one is not None]
    bounds = _bounds(statistic, rule)
    if any(_is_beyond(one, bound, side) for one in several for bound, side in bounds):
        return "contradicted"
    means = [one.value for one in (statistic.interval([group]) for group in each) if one is not None]
    within = all(_is_beyond(interval, bound, -side) for bound, side in bounds)
    agree = all(side * (mean - bound) > 0 for mean in means for bound, side in bounds)
    return "supported" if within and agree else "inconclusive"


def _is_beyond(interval: Interval, bound: float, side: int) -> bool:
    """Whether a whole interval lies below a bound that it should be above (side 1), or the other way round (-1)."""
    return interval.high < bound if side > 0 else interval.low > bound


def _bounds(statistic: Statistic, rule: Rule) -> list[tuple[float, int]]:
    """The bounds on the statistic's scale, with the side that is claimed: 1 above, -1 below."""
    told = [(rule.above, 1), (rule.below, -1)]
    return [(statistic.linear(bound), side) for bound, side in told if bound is not None]


def _empty(claim: Claim, rule: Rule, samples: Sequence[Samples]) -> Part:
    unit = claim.statistic.unit(claim.quantity.kind)
    notes = tuple(dict.fromkeys(note for one in samples for note in _defined(claim.statistic, one).notes))
    return Part(
        words=claim.words,
        unit=unit,
        rule=rule.words(unit),
        verdict="not run",
        paper=paper_values(claim),
        counts=claim.counts,
        reason=_why_none(samples),
        notes=notes,
        convention=claim.quantity.convention,
    )


def _why_none(samples: Sequence[Samples]) -> str:
    """Why no run has the number: what the first one lacks, and how many lack the like."""
    reasons = list(dict.fromkeys(reason for one in samples for reason in one.refusals))
    if reasons:
        return reasons[0] + (f" ({len(reasons) - 1} more like this)" if len(reasons) > 1 else "")
    return "the number is undefined in all runs" if samples else "no such runs"


def _with_numbers(part: Part, statistic: Statistic, shown: Sequence[Samples], interval: Interval, rule: Rule) -> Part:
    groups = [one.values for one in shown]
    value = statistic.shown(interval.value)
    bounds = _bounds(statistic, rule)
    p_values = [statistic.p_value(groups, bound, side) for bound, side in bounds]
    pooled = statistic.pooled(groups)
    one_sided = len(bounds) == 1 and statistic.has_effect_size
    low, high = (_end(statistic, end, part.unit) for end in (interval.low, interval.high))
    return replace(
        part,
        verdict="inconclusive",
        reason="",
        holds=rule.holds(value),
        value=value,
        standard_error=interval.error,
        low=low,
        high=high,
        p_value=max((p for p in p_values if p is not None), default=None),
        effect_size=effect_size(bounds[0][1] * (pooled - bounds[0][0])) if one_sided else None,
        n=sum(len(one.seeds) for one in shown),
        n_seeds=max(len(one.seeds) for one in shown),
        per_data=tuple(_on_data(statistic, one, rule) for one in shown),
        scale=_scale(shown),
        scale_words=", ".join(dict.fromkeys(one.scale_words for one in shown)),
        at_chance=tuple(f"{one.data}: {told}" for one in shown for told in one.at_chance),
    )


def _on_data(statistic: Statistic, one: Samples, rule: Rule) -> OnData:
    found = statistic.interval([one.values])
    if found is None:
        return OnData(one.data, None, None, len(one.seeds), one.seeds, None)
    value = statistic.shown(found.value)
    return OnData(one.data, value, found.error, len(one.seeds), one.seeds, rule.holds(value))


def _end(statistic: Statistic, end: float, unit: Unit) -> float | None:
    """An end of an interval, that of a share cut to [0, 1]; None where it is infinite."""
    if not math.isfinite(end):
        return None
    return min(max(statistic.shown(end), 0.0), 1.0) if unit == "share" else statistic.shown(end)


def _enough(samples: Sequence[Samples]) -> list[Samples]:
    return [one for one in samples if len(one.seeds) >= ENOUGH_SEEDS]


def _scale(samples: Sequence[Samples]) -> Scale:
    scales = {one.scale for one in samples}
    return "quick" if "quick" in scales else "full" if "full" in scales else "none"


def _rule(claim: Claim, scale: Scale) -> Rule:
    return claim.quick_rule if scale == "quick" and claim.quick_rule is not None else claim.rule


def told_of(claim: Claim, samples: Sequence[Samples]) -> str:
    """What other runs say, in a phrase: of runs that were not judged by."""
    part = judged(claim, samples)
    if part.value is None:
        return ""
    seeds = f"{part.n_seeds} seed{'s' if part.n_seeds > 1 else ''}"
    side = "on the claimed side" if part.holds else "not on the claimed side"
    return f"{part.scale_words} ({seeds}): {written(part.value, part.unit)}, {side}"
