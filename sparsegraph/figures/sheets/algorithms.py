"""The algorithms of 002 step by step, and which function of this library does each step."""

from __future__ import annotations

COLUMNS = ("step", "what happens", "here")
WIDTHS = (0.35, 3.4, 2.2)

ESML = (
    ("1", "for each update, given the trained weights w and the topology T:", "training.updating.change_topology"),
    ("2", "    for each block l:", "topology.evolve.evolve"),
    ("3", "        remove the share ζ of links of smallest |w|; N_l = their number", "topology.removal.choose_removed"),
    ("4", "    for each block l, from the last to the first:", ""),
    ("5", "        drop neurons without links on a side, and their links; N_l += those", "graph.percolation.percolate"),
    ("6", "    for each block l, from the first to the last: the same", "graph.percolation.percolate"),
    ("7", "    for each block l:", ""),
    ("8", "        score all absent links by CH3-L3", "kernels.link_scores.ch3_l3"),
    ("9", "        T_l += the N_l absent links with the highest scores", "topology.regrowth.choose_added"),
    ("10", "        new links get their first weights, the others keep theirs", "topology.evolve.carried_weights"),
)  # fmt: skip
"""Algorithm 1."""

ESML_NOTES = (
    "The paper prints ArgTopK(|w|, N) with N the number of removed links, which would keep N; its text is followed",
    "One backward and one forward sweep of percolation are exact: a second round changes nothing",
    "New links start from zero, as in the authors' code; a link removed and regrown at once keeps its weight",
)

CHT = (
    ("1", "T = correlated sparse topological initialisation (CSTI) of the training data", "topology.csti.csti"),
    ("2", "w = sparse weight initialisation (SWI) on T", "topology.start_weights.swi"),
    ("3", "λ_l = 0 for each block l: its topology evolves", "training.epochs.Standing"),
    ("4", "for each training step t:", "training.epochs.train_epochs"),
    ("5", "    gradient step on one batch, on the links of T only", "training.engine.Engine"),
    ("6", "    every Δt steps:", "training.plan.Plan"),
    ("7", "        w, T = ESML (algorithm 1) in all blocks with λ_l = 0", "training.updating.change_topology"),
    ("8", "        λ_l = 1 where removed and regrown links overlap by σ = 0.9 or more", "graph.mask.LinkEvents"),
)  # fmt: skip
"""Algorithm 2."""

CHT_NOTES = (
    "The paper's algorithm writes overlap_rate(T at t + 1, T at t), its text the share of regrown links that were just "
    "removed; the text's is taken here, since two topologies that differ by 30 % at most always overlap",
)
