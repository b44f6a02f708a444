"""The methods text: what was done, a sentence a measure, with the references that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from sparsegraph import __version__
from sparsegraph.evolution.learning_frame import ACCURACIES
from sparsegraph.measures.modularity import Modularity
from sparsegraph.measures.powerlaw import SURVIVAL_XMIN, PowerLaw
from sparsegraph.papers.titles import PAPER_OF_FAMILY as OF_FAMILY
from sparsegraph.papers.titles import PAPERS, family_of
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.wording import called
from sparsegraph.report.views.form import number

_CITED = re.compile(r"\[@([a-z0-9_]+)\]")

# Measure: its sentence, in which {name} is a field of the result or one of OF_OPTIONS, and [@key] a reference.
SENTENCES: dict[str, str] = {
    "sparsity": "Sparsity is the share of possible links that are absent ({readout}; biases {biases}).",
    "degree": "Degrees count the links that enter and leave a neuron ({readout}).",
    "activity": "A neuron counts as active if it lies on a path from an input to an output neuron; the share of such "
    "neurons is the ANP rate ({readout}) [@zhang2023ultrasparse].",
    "powerlaw": "A discrete power law was fitted to the degrees ({neurons}; {degree} links) by maximum likelihood, "
    "{tail}, with a {bootstrap} of {replicas} replicas and "
    "likelihood-ratio comparisons with other laws; decision rule: {rule} [@clauset2009].",
    "kshell": "k-shells were found by k-core decomposition ({projection}, {readout}) [@carmi2007].",
    "credit_paths": "Input-output paths (CAP) were counted exactly ({readout}); hubs are the {hubs} "
    "[@zhang2023ultrasparse].",
    "path_length": "Path lengths are means over the connected pairs of the {projection} [@latora2001].",
    "small_world": "Small-worldness compares four-cycle clustering and path length with those of {n_null} {null} "
    "({projection}; {readout}) [@humphries2008].",
    "rich_club": "Rich-club coefficients were divided by those of {n_null} {null} ({readout}) [@colizza2006].",
    "assortativity": "Assortativity is the correlation of the degrees at the two ends of a link [@newman2002].",
    "modularity": "Modularity is the best of {n_runs} runs of the Leiden algorithm ({projection}) "
    "[@newman2006] [@traag2019]; the bipartite variant is Barber's [@barber2007].",
    "structural_consistency": "Structural consistency was found by removing links at random, {n_repeats} times "
    "({projection}) [@lu2015].",
    "hyperbolic": "Neurons were embedded in the hyperbolic disk by coalescent embedding ({weighting}-{reduction}-"
    "{adjustment}; {projection}; {readout}) [@muscoloni2017].",
    "navigability": "Greedy routing was tried between pairs of neurons in the hyperbolic disk ({weighting}-"
    "{reduction}; {projection}; {readout}), in large nets to a sample of them [@boguna2009].",
    "rank": "Effective rank is the exponential of the entropy of the normalised singular values [@roy2007], "
    "stable rank the squared Frobenius norm over the squared spectral norm [@rudelson2007] ({readout}).",
    "weights": "Moments of the weights are those over all links ({readout}), kurtosis being the excess.",
    "input_map": "The input map counts the links that leave each input, and maps the degrees of the first hidden layer "
    "back along them ({projection}; {readout}) [@matab_survival].",
    "functional_activity": "A neuron is functionally active if it answers to any sample of the data ({score}).",
    "exploration": "Exploration is the share of possible links that ever existed (ITOP rate) [@liu2021].",
    "turnover": "Overlap is the share of regrown links that the same update had removed; an epitopological local "
    "minimum is reached at an overlap of {threshold} [@zhang2023ultrasparse].",
    "kendall": "Orders of the hidden neurons' degrees ({degree}) at different times were compared by "
    "Kendall's tau-b [@kendall1945].",
    "attachment": "Attachment exponents were fitted to the rates at which neurons gain links, by degree ({degree}; "
    "offset {offset}) [@jeong2003].",
    "link_survival": "Lives of links were estimated with censoring; {at_once} [@kaplan1958].",
}


def _tail(fit: PowerLaw, options: Mapping[str, Any]) -> str:
    """How the least degree of the tail was found."""
    fixed = options.get("xmin")
    if fixed is None and fit.rule == "survival":
        fixed = SURVIVAL_XMIN
    return "xmin minimising the Kolmogorov-Smirnov distance" if fixed is None else f"xmin being fixed at {fixed}"


def _bootstrap(fit: PowerLaw, options: Mapping[str, Any]) -> str:
    return "parametric bootstrap of the tail" if fit.rule == "survival" else "semi-parametric bootstrap"


OF_OPTIONS: dict[str, Callable[[Any, Mapping[str, Any]], str]] = {"tail": _tail, "bootstrap": _bootstrap}
"""What a sentence tells of the options of a measure that its result does not say in so many words."""

_JUDGED = (
    "Claims of the papers were judged by Student's 95 % intervals over the seeds of these runs; fewer than three seeds "
    "support none."
)


def methods_text(subjects: Sequence[Subject], *, judged: bool = False) -> str:
    """Paragraphs for the methods part of a paper; of several nets analysed alike, once.

    ``judged`` is whether the papers' findings were judged on them.
    """
    return _CITED.sub(lambda found: f"[{found[1]}]", _cited_text(subjects)) + (f"\n{_JUDGED}\n" if judged else "")


def bibtex(subjects: Sequence[Subject]) -> str:
    """BibTeX entries of what the text refers to, in the order of its references."""
    known = _entries()
    keys = dict.fromkeys(_CITED.findall(_cited_text(subjects)))
    return "\n\n".join(known[key] for key in keys) + "\n"


def _cited_text(subjects: Sequence[Subject]) -> str:
    paragraphs = [_opening(subjects), " ".join(_measured(subjects))]
    paragraphs += list(_trained(subjects))
    for tell in (_compared, _followed, _perturbed):
        paragraphs += list(_of_each(subjects, tell))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def _opening(subjects: Sequence[Subject]) -> str:
    report = subjects[0].report
    what = "A network was" if len(subjects) == 1 else f"{len(subjects)} networks were"
    topology = "after percolation" if report.settings.percolated else "as stored, without percolation"
    return (
        f"{what} analysed with sparsegraph {__version__} (seed {report.settings.seed}). Links are "
        f"{report.mask_origin}; the graph was taken {topology}. Links are directed from input to output."
    )


def _measured(subjects: Sequence[Subject]) -> Iterator[str]:
    results: dict[str, Any] = {}
    options = subjects[0].report.settings.options
    for one in subjects:
        results = {**one.report.trajectory, **one.report.parts[0].results, **results}
    for name, sentence in SENTENCES.items():
        if name in results:
            words = {key: tell(results[name], options) for key, tell in OF_OPTIONS.items() if f"{{{key}}}" in sentence}
            yield _filled(sentence, results[name], words)


def _filled(sentence: str, result: Any, words: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        told = words[found[1]] if found[1] in words else getattr(result, found[1])
        return told if isinstance(told, str) else number(told)

    return re.sub(r"\{([a-z_]+)\}", value, sentence)


def _trained(subjects: Sequence[Subject]) -> Iterator[str]:
    """The paper whose profile a run follows."""
    methods = dict.fromkeys(one.course.method for one in subjects if one.course is not None and one.course.method)
    for method in methods:
        paper = OF_FAMILY.get(family_of(method.partition(" ")[0]) or "")
        if paper in PAPERS:
            source = f"{PAPERS[paper].authors} [@{_key(PAPERS[paper].bibtex)}]"
            yield f"The network was trained with the profile {method}, after {source}."


def _of_each(subjects: Sequence[Subject], tell: Callable[[Subject], Iterator[str]]) -> Iterator[str]:
    """What is told of each net: once where it is the same of all, else with the names of those it is told of."""
    found: dict[str, list[str]] = {}
    for one in subjects:
        if told := " ".join(tell(one)):
            found.setdefault(told, []).append(one.name)
    for told, names in found.items():
        yield told if len(names) == len(subjects) else f"{', '.join(names)}: {told}"


def _compared(subject: Subject) -> Iterator[str]:
    part = subject.report.parts[0]
    for name, found in part.significance.items():
        measures = dict.fromkeys(row.measure for row in found.rows)
        yield (
            f"Compared with {found.n_null} draws of the null model {name} (seed {found.seed}) were: "
            f"{', '.join(map(called, measures))}; p-values are {found.p} "
            f"[@phipson2010], corrected after Holm for {found.n_tests} tests [@holm1979]."
        )
    searched = part.results.get("modularity")
    if part.significance and isinstance(searched, Modularity):
        n = subject.n_null_runs
        yield (
            f"In each draw communities were searched for in {searched.n_runs} runs, as in the network."
            if n is None
            else f"For this comparison communities were searched for in {n} runs, in the network and in each draw."
        )


def _followed(subject: Subject) -> Iterator[str]:
    course = subject.course
    if course is None:
        return
    if course.moments:
        fits = f", power laws of {len(course.curves['alpha'].times)}" if "alpha" in course.curves else ""
        yield (
            f"Over the training, measures were taken of the raw masks of {len(course.moments)} out of "
            f"{course.n_snapshots} snapshots{fits}."
        )
    if "accuracy" in course.curves:
        is_ours = (course.table["field"] == ACCURACIES[0]).any()
        when = "recorded at each epoch, before an update that ends it" if is_ours else "that the training loop noted"
        yield f"Accuracies over the training are those {when}."


def _perturbed(subject: Subject) -> Iterator[str]:
    found = subject.robustness
    if found is None:
        return
    repeats = max(curve.n_repeats for curve in found.curves)
    yield (
        f"Robustness is the accuracy on {found.n_samples:,} test images when {found.n_links:,} links "
        f"({found.readout}) are perturbed without any training afterwards, by "
        f"{'; '.join(f'{curve.perturbation} ({curve.convention})' for curve in found.curves)}; removals are "
        f"{found.scope}; what is random was repeated {repeats} times (seed {found.seed}; {found.spread}). Areas are "
        "those under the curves, divided by the range of the perturbation [@sulyok_dst]."
    )


def _entries() -> Mapping[str, str]:
    text = (files("sparsegraph.report.html") / "references.bib").read_text(encoding="utf-8")
    own = [entry.strip() for entry in text.split("\n\n") if entry.strip()]
    return {_key(entry): entry for entry in (*own, *(paper.bibtex for paper in PAPERS.values()))}


def _key(entry: str) -> str:
    return entry.partition("{")[2].partition(",")[0]
