"""What is drawn are the shares of neurons in each shell."""

from __future__ import annotations

from graphs import empty, erdos_renyi

from sparsegraph.measures.kshell import kshell
from sparsegraph.plotting.catalogue import plot


def test_a_bar_for_each_layer_in_parts_by_shell() -> None:
    graph = erdos_renyi((30, 40, 20), 0.08)
    result = kshell(graph)
    axes = plot(result)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["input", "hidden1", "output"]
    bars = list(axes.patches)
    for place in range(3):
        inside = result.shell[graph.offsets[place] : graph.offsets[place + 1]]
        own = [bar for bar in bars if abs(bar.get_y() + 0.35 - place) < 0.01]  # type: ignore[attr-defined]
        assert [round(bar.get_width() * inside.size) for bar in own] == [  # type: ignore[attr-defined]
            int((inside == shell).sum()) for shell in sorted(set(inside.tolist()))
        ]
    assert f"innermost shell {result.max_shell} with {result.n_core} neurons" in axes.get_title(loc="left")


def test_a_net_without_links_is_grey() -> None:
    axes = plot(kshell(empty(3, 4)))
    assert axes.get_title(loc="left") == "no links"
    assert len({bar.get_facecolor() for bar in axes.patches}) == 1
