"""A verdict in a sentence."""

from __future__ import annotations

from sparsegraph.findings.rule import written
from sparsegraph.findings.verdict import Part, Verdict
from sparsegraph.numerals import significant


def sentence_of(verdict: Verdict) -> str:
    """The verdict and its grounds."""
    finding, main = verdict.finding, verdict.main
    if verdict.verdict == "not run" or main is None or main.value is None:
        reasons = dict.fromkeys(part.reason for part in verdict.counting if part.reason)
        reasons.pop("no such runs", None)
        return f"Not run: {finding.impossible or '; '.join(reasons) or f'needs {finding.needs}'}."
    told = f"{main.words} is {main.ours}{_interval(main)}; claimed is {main.rule}{_reason(main)}."
    return f"{_begin(verdict)}: {told}{_others(verdict)}"


def _begin(verdict: Verdict) -> str:
    label = verdict.label
    return label[0].upper() + label[1:]


def _interval(part: Part) -> str:
    """Interval, numbers and p in brackets."""
    if part.draws_are_alike:
        return f" ({part.n_words})"
    told = []
    if part.low is not None and part.high is not None:
        told.append(f"95 % from {written(part.low, part.unit)} to {written(part.high, part.unit)}")
    told.append(f"{part.n} draws" if part.scale == "none" else f"n = {part.n}: {_data(part)}")
    if part.p_value is not None and part.n > 1:
        told.append(f"p = {significant(part.p_value, 2)}")
    return f" ({'; '.join(told)})"


def _data(part: Part) -> str:
    return ", ".join(f"{one.data} {one.n} seed{'s' if one.n > 1 else ''}" for one in part.per_data)


def _reason(part: Part) -> str:
    return f" ({part.reason})" if part.reason else ""


def _others(verdict: Verdict) -> str:
    """How the other parts of the claim came out."""
    counting = verdict.counting
    if len(counting) < 2:
        return ""
    words = [part.verdict for part in counting]
    told = [f"{words.count(word)} {word}" for word in dict.fromkeys(words)]
    lacking = f"; it needs {verdict.finding.needs}" if "not run" in words else ""
    return f" Of {len(counting)} parts {', '.join(told)}{lacking}."
