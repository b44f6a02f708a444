"""How the numbers of runs are compared: one method alone, differences and ratios of pairs, contests, spreads, ranks.

Each statistic takes a matrix of numbers, a row a seed and a column an arm, and works on the scale on which differences
are meaningful: ratios and spreads by their logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import stats

from sparsegraph.evolution.cohorts import Member, as_the_profile
from sparsegraph.evolution.option_levels import level_of
from sparsegraph.findings.arithmetic import CONFIDENCE, Interval, exact_share, signed_rank, spread_ratio, student
from sparsegraph.findings.arms import Arm, Start
from sparsegraph.findings.rule import Unit

AnyArm = Arm | Start


@dataclass(frozen=True)
class Statistic:
    """A comparison of arms.

    Parameters
    ----------
    arms : tuple of Arm or Start
        Its columns.
    """

    arms: tuple[AnyArm, ...]

    judges_each_data_set = True
    """Whether the claim is about every data set; else only about all together."""
    least_seeds = 3
    """Fewer conclude nothing."""
    has_effect_size = True
    """Whether its samples are differences of which Cohen's d may be told."""

    def arms_among(self, members: Sequence[Member]) -> tuple[AnyArm, ...]:
        """The arms; what is compared may depend on which runs there are."""
        del members
        return self.arms

    def unit(self, kind: str) -> Unit:
        """How its value is written, for quantities of a kind."""
        return "share" if kind == "share" else "points" if kind == "points" else "number"

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"{quantity}: {self.arms[0].label}"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """One number a row, on the scale of the statistic; NaN where it is undefined."""
        return np.asarray(values[:, 0], float)

    def defined(self, values: np.ndarray) -> np.ndarray:
        """Which rows have a number: only these are seeds that speak."""
        return np.isfinite(self.samples(values))

    def linear(self, value: float) -> float:
        """A value on that scale."""
        return value

    def shown(self, value: float) -> float:
        """A value back from that scale."""
        return value

    def interval(self, groups: Sequence[np.ndarray], level: float = CONFIDENCE) -> Interval | None:
        """Of the pooled rows of all data sets, on that scale; None where undefined."""
        pooled = self.pooled(groups)
        return student(pooled, level) if pooled.size else None

    def p_value(self, groups: Sequence[np.ndarray], bound: float, side: int) -> float | None:
        """One-sided p that the value lies above (side 1) or below (side -1) a bound on that scale."""
        pooled = self.pooled(groups)
        return signed_rank(side * (pooled - bound)) if pooled.size else None

    def pooled(self, groups: Sequence[np.ndarray]) -> np.ndarray:
        """The defined samples of all data sets."""
        found = np.concatenate([self.samples(group) for group in groups]) if groups else np.zeros(0)
        return found[np.isfinite(found)]

    def printed(self, values: np.ndarray, spreads: np.ndarray) -> float:
        """The same of means and standard deviations that a paper prints, one an arm."""
        del spreads
        return self.shown(float(self.samples(values[None])[0]))


@dataclass(frozen=True)
class Of(Statistic):
    """The number of one arm."""


@dataclass(frozen=True)
class Difference(Statistic):
    """The first arm less the second, seed by seed."""

    def unit(self, kind: str) -> Unit:
        """Points of a share."""
        return "points" if kind == "share" else "change"

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"{quantity}: {self.arms[0].label} less {self.arms[1].label}"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """The differences."""
        return np.asarray(values[:, 0] - values[:, 1], float)


@dataclass(frozen=True)
class BestLess(Difference):
    """The best of the arms but the last, less the last."""

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"{quantity}: best of {_and(self.arms[:-1])} less {self.arms[-1].label}"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """The differences from the best."""
        return np.asarray(values[:, :-1].max(axis=1) - values[:, -1], float)


@dataclass(frozen=True)
class InSpreads(Difference):
    """The first arm less the second, in units of their pooled standard deviation over seeds.

    References
    ----------
    J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition, 1988.
    """

    def unit(self, kind: str) -> Unit:
        """A number."""
        return "change"

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"{super().words(quantity)}, in standard deviations over seeds"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """The differences in standard deviations; NaN where these are 0 or not known."""
        differences = super().samples(values)
        variance = float(values[:, :2].var(axis=0, ddof=1).mean()) if len(values) > 1 else 0.0
        return differences / math.sqrt(variance) if variance > 0 else np.full(len(values), np.nan)

    def printed(self, values: np.ndarray, spreads: np.ndarray) -> float:
        """The same of what a paper prints."""
        known = spreads[:2][np.isfinite(spreads[:2])]  # a paper may print one of the two
        variance = float((known**2).mean()) if known.size else 0.0
        return float(values[0] - values[1]) / math.sqrt(variance) if variance > 0 else math.nan


@dataclass(frozen=True)
class Ratio(Statistic):
    """The first arm over the second, seed by seed; averaged by logarithms."""

    def unit(self, kind: str) -> Unit:
        """A ratio."""
        return "ratio"

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"{quantity}: {self.arms[0].label} over {self.arms[1].label}"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """Logarithms of the ratios; NaN where a number is not above 0."""
        both = np.all(values[:, :2] > 0, axis=1)
        safe = np.where(both[:, None], values[:, :2], 1.0)
        return np.where(both, np.log(safe[:, 0]) - np.log(safe[:, 1]), np.nan)

    def linear(self, value: float) -> float:
        """The logarithm."""
        return math.log(value)

    def shown(self, value: float) -> float:
        """The ratio."""
        return math.exp(value)


@dataclass(frozen=True)
class SpreadRatio(Statistic):
    """Standard deviation over seeds of the first arm over that of the second, pooled over data sets."""

    has_effect_size = False

    def unit(self, kind: str) -> Unit:
        """A ratio."""
        return "ratio"

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"spread over seeds of {quantity}: {self.arms[0].label} over {self.arms[1].label}"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """One logarithm of all rows."""
        found = self.interval([values])
        return np.array([math.nan if found is None else found.value])

    def defined(self, values: np.ndarray) -> np.ndarray:
        """All rows, if they have a ratio together."""
        return np.full(len(values), bool(np.isfinite(self.samples(values)).all()))

    def linear(self, value: float) -> float:
        """The logarithm."""
        return math.log(value)

    def shown(self, value: float) -> float:
        """The ratio."""
        return math.exp(value)

    def interval(self, groups: Sequence[np.ndarray], level: float = CONFIDENCE) -> Interval | None:
        """Fisher's interval."""
        return spread_ratio([group[:, 0] for group in groups], [group[:, 1] for group in groups], level)

    def p_value(self, groups: Sequence[np.ndarray], bound: float, side: int) -> float | None:
        """One-sided p of Fisher's test."""
        found = self.interval(groups)
        if found is None:
            return None
        freedom = sum(len(group) - 1 for group in groups)
        law = stats.f(freedom, freedom)
        ratio = math.exp(2 * (found.value - bound))
        return float(law.sf(ratio) if side > 0 else law.cdf(ratio))

    def printed(self, values: np.ndarray, spreads: np.ndarray) -> float:
        """The ratio of printed deviations; NaN where one is not printed."""
        return float(spreads[0] / spreads[1]) if spreads[1] > 0 else math.nan


@dataclass(frozen=True)
class Won(Statistic):
    """Share of contests (data set and seed) in which the first arm is the best; k that tie win 1 / k each.

    References
    ----------
    Zhang et al., CHTs (soft rules), Figure 3: win rates.
    """

    judges_each_data_set = False
    has_effect_size = False

    def unit(self, kind: str) -> Unit:
        """A share."""
        return "share"

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"contests won in {quantity}: {self.arms[0].label} against {_and(self.arms[1:])}"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """What of each contest the first arm won."""
        best = values == values.max(axis=1, keepdims=True)
        whole = np.isfinite(values).all(axis=1)
        return np.where(whole, best[:, 0] / np.maximum(best.sum(axis=1), 1), np.nan)

    def interval(self, groups: Sequence[np.ndarray], level: float = CONFIDENCE) -> Interval | None:
        """The exact interval of a share."""
        pooled = self.pooled(groups)
        return exact_share(float(pooled.sum()), pooled.size, level) if pooled.size else None

    def p_value(self, groups: Sequence[np.ndarray], bound: float, side: int) -> float | None:
        """One-sided p of the binomial test."""
        pooled = self.pooled(groups)
        if not pooled.size:
            return None
        wins = int(math.floor(pooled.sum()) if side > 0 else math.ceil(pooled.sum()))
        way = "greater" if side > 0 else "less"
        return float(stats.binomtest(wins, pooled.size, bound, alternative=way).pvalue)


@dataclass(frozen=True)
class Across(Statistic):
    """Spearman's rank correlation of the number with an option, over runs that differ in it only, seed by seed.

    Parameters
    ----------
    option : str
        Of ``sparsegraph train``, such as "learning_rate".
    """

    option: str = ""
    least_levels = 3

    def arms_among(self, members: Sequence[Member]) -> tuple[AnyArm, ...]:
        """An arm for each value of the option that the runs of one length have in one unit, rising.

        Of several lengths and units those with most values, of these the longest; none where there are fewer than
        three: "2 epochs" and "800 steps" have no order.
        """
        scales: dict[tuple[int, str], dict[float, Any]] = {}
        for member in filter(self.varies, members):
            value = member.changes[self.option]
            level = level_of(value)
            scales.setdefault((member.epochs, level.unit), {}).setdefault(level.number, value)
        best = max(scales, key=lambda scale: (len(scales[scale]), scale), default=None)
        levels = {} if best is None else scales[best]
        (arm,) = self.arms
        if len(levels) < self.least_levels or not isinstance(arm, Arm):
            return ()
        return tuple(replace(arm, changes=((self.option, levels[number]),)) for number in sorted(levels))

    def varies(self, member: Member) -> bool:
        """Whether a run differs from the profile in this option and no other."""
        (arm,) = self.arms
        changes = as_the_profile(member).changes
        return isinstance(arm, Arm) and member.profile == arm.profile and set(changes) == {self.option}

    def unit(self, kind: str) -> Unit:
        """A number."""
        return "change"

    def words(self, quantity: str) -> str:
        """What the value is."""
        return f"rank correlation of {quantity} with {self.option.replace('_', ' ')}: {self.arms[0].label}"

    def samples(self, values: np.ndarray) -> np.ndarray:
        """A correlation a row."""
        ranks = np.arange(values.shape[1])
        flat = [not np.isfinite(row).all() or (row == row[0]).all() for row in values]
        return np.array(
            [
                math.nan if still else stats.spearmanr(ranks, row).statistic
                for still, row in zip(flat, values, strict=True)
            ]
        )


def _and(arms: Sequence[AnyArm]) -> str:
    return " and ".join(arm.label for arm in arms)
