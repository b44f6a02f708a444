"""A claim's number as the papers print it, through the same statistic."""

from __future__ import annotations

import math

import numpy as np

from sparsegraph.findings.arms import Arm
from sparsegraph.findings.claim import Claim, Printed
from sparsegraph.findings.verdict import PaperValue
from sparsegraph.papers.numbers import PaperNumber, paper_numbers


def paper_values(claim: Claim) -> tuple[PaperValue, ...]:
    """One number a data set on which the paper prints all arms; none where it prints none.

    Whether the claim holds for it is judged by the rule for full length, the paper's numbers taken as exact; where the
    claim is about all data sets together, by the mean.
    """
    printed = claim.printed
    if printed is None:
        return ()
    methods = printed.methods or tuple(arm.method for arm in claim.statistic.arms if isinstance(arm, Arm))
    found = []
    for data in dict.fromkeys(one.data for one in _all(printed)):
        numbers = [_of(printed, data, method) for method in methods]
        if all(numbers):
            values = np.array([one.value for one in numbers if one]) / printed.per
            spreads = np.array([math.nan if one.spread is None else one.spread for one in numbers if one]) / printed.per
            value = claim.statistic.printed(values, spreads)
            if math.isfinite(value):
                found.append((data, value))
    if not claim.statistic.judges_each_data_set and found:
        mean = float(np.mean([value for _, value in found]))
        return (PaperValue(", ".join(data for data, _ in found), mean, claim.rule.holds(mean)),)
    return tuple(PaperValue(data, value, claim.rule.holds(value)) for data, value in found)


def _all(printed: Printed) -> list[PaperNumber]:
    found = [one for table in printed.tables for one in paper_numbers(table=table, quantity=printed.quantity)]
    return [
        one
        for one in found
        if (not printed.note or one.note == printed.note) and (not printed.data or one.data in printed.data)
    ]


def _of(printed: Printed, data: str, method: str) -> PaperNumber | None:
    return next((one for one in _all(printed) if one.data == data and one.method == method), None)
