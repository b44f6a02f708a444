"""What an interactive drawing holds, and that it says what it leaves out."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from evolving import blocks_of, moved, random_mask, snapshots, survival_run
from scipy import sparse
from trajectories import trajectory_of

import sparsegraph as sg
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.interactive import scene as scenes
from sparsegraph.interactive.html import fragment, json_in_html
from sparsegraph.interactive.scene import scene_of_graph, scene_of_trajectory
from sparsegraph.measures.degree import degrees


def test_a_small_net_is_shown_whole() -> None:
    # 0 -> 0, 1 -> 0, 0 -> 0 of the outputs; the third input and the second hidden neuron have no links
    graph = sg.LayeredGraph.from_matrices([[[1, 0], [1, 0], [0, 0]], [[1], [0]]])
    scene = scene_of_graph(graph)
    assert scene.layer.tolist() == [0, 0, 0, 1, 1, 2]
    assert scene.frames[0].links.tolist() == [[0, 3], [1, 3], [3, 5]]
    assert scene.frames[0].active.tolist() == [True, True, False, True, False, True]
    assert scene.degree_in.tolist() == [0, 0, 0, 2, 0, 1]
    assert scene.height[3] > scene.height[4]
    assert "all links drawn" in scene.notes


def test_large_nets_are_sampled_and_say_so_but_keep_their_hubs() -> None:
    rng = np.random.default_rng(0)
    matrix = sparse.random_array((8000, 6000), density=2e-4, rng=rng, format="lil")
    matrix[0, :300] = 1.0
    graph = sg.LayeredGraph.from_matrices([matrix.tocsr()])
    scene = scene_of_graph(graph, disk=False)
    assert scene.layer.size == pytest.approx(scenes.SAMPLE, abs=2)
    assert 0 in scene.index[scene.layer == 0]
    assert scene.degree_out.max() == degrees(graph).outgoing.max() >= 300
    assert f"{scene.layer.size:,} of 14,000 neurons" in scene.notes[0]
    assert len(scene.frames[0].links) <= scenes.MOST_LINKS


def test_the_links_drawn_are_spread_over_the_neurons_whatever_the_order_of_the_links() -> None:
    # 200 x 10 all joined, and as many links elsewhere: every n-th link, n even, would leave out half of the outputs
    graph = sg.LayeredGraph.from_matrices([np.ones((10, 200)), np.ones((200, 10))])
    links = scene_of_graph(graph, disk=False).frames[0].links
    assert len(links) == scenes.MOST_LINKS
    drawn = np.bincount(links[links[:, 1] >= 210, 1] - 210, minlength=10)
    assert drawn.sum() == scenes.MOST_LINKS // 2  # as many of each block as it has links
    assert drawn.min() > 30
    assert len(np.unique(links, axis=0)) == len(links)


def test_a_link_that_stays_is_drawn_in_every_frame_or_in_none() -> None:
    rng = np.random.default_rng(1)
    before = random_mask((80, 80), 3_200, rng)
    after, _ = moved(before, 300, rng)
    made = [Snapshot(i, tuple(blocks_of([mask], [None], rng))) for i, mask in enumerate((before, after))]
    first, second = (
        {(source, target - 80) for source, target in frame.links.tolist()}
        for frame in scene_of_trajectory(trajectory_of(made), disk=False).frames
    )
    stay = {divmod(int(flat), 80) for flat in np.intersect1d(before.positions, after.positions)}
    assert len(first & stay) > 1_000
    assert len((first ^ second) & stay) <= 50  # those at the edge of the sample


@pytest.mark.parametrize(
    ("n_links", "n_drawn", "note"),
    [
        ((5_000, 1_000), [1_200, 1_000], "up to 1,200 of 5,000 links drawn"),
        ((1_200, 1_000), [1_200, 1_000], "all links drawn"),
    ],
)
def test_all_links_are_said_to_be_drawn_only_if_no_frame_leaves_any_out(
    n_links: tuple[int, ...], n_drawn: list[int], note: str
) -> None:
    rng = np.random.default_rng(0)
    masks = [random_mask((100, 100), n, rng) for n in n_links]
    made = [Snapshot(i, tuple(blocks_of([mask], [None], rng))) for i, mask in enumerate(masks)]
    scene = scene_of_trajectory(trajectory_of(made), disk=False)
    assert [len(frame.links) for frame in scene.frames] == n_drawn
    assert [told for told in scene.notes if "links drawn" in told] == [note]


def test_frames_hold_the_ends_and_mark_what_the_update_regrew() -> None:
    followed = trajectory_of(snapshots(4))
    scene = scene_of_trajectory(followed, disk=False)
    assert [frame.title for frame in scene.frames] == [f"epoch {i}, update {i}" for i in range(4)]
    assert not scene.frames[0].fresh.any()
    for frame, snapshot in zip(scene.frames[1:], followed[1:], strict=True):
        assert int(frame.fresh.sum()) == sum(event.regrown.size for event in snapshot.events if event is not None)


def test_regrown_weights_of_rows_gathered_by_channel_mark_no_link() -> None:
    """1 channel -> 2 channels (1 x 1 kernels) -> 3 neurons behind images of 2 x 2 -> 2 neurons; all links are there.

    Of the 8 x 3 weights behind the image that of row 1 (channel 0, position 1) to neuron 1 is regrown, position 4; of
    2 x 3 links position 4 would be that from channel 1 to neuron 1.
    """

    def event(*regrown: int) -> LinkEvents:
        none = np.zeros(0, np.int64)
        return LinkEvents(none, none, np.array(regrown))

    blocks = (
        BlockState("conv", Mask.complete((1, 2)), kind="conv2d", torch_shape=(2, 1, 1, 1), events=event(1)),
        BlockState("flat", Mask.complete((8, 3)), events=event(4)),
        BlockState("last", Mask.complete((3, 2)), events=event(2)),
    )
    (frame,) = scene_of_trajectory(trajectory_of([Snapshot(0, blocks)]), disk=False).frames
    # neurons: 0 | 1 2 | 3 4 5 | 6 7
    assert frame.links[frame.fresh].tolist() == [[0, 2], [4, 6]]


def test_long_trainings_are_thinned_and_stay_small() -> None:
    made = list(survival_run(70, np.random.default_rng(1)))
    scene = scene_of_trajectory(trajectory_of(made), disk=False)
    assert len(scene.frames) == scenes.MOST_FRAMES
    assert (scene.frames[0].title, scene.frames[-1].title) == ("snapshot 0, update 0", "snapshot 69, update 69")
    assert f"{scenes.MOST_FRAMES} of 70 snapshots" in scene.notes
    markup, script = fragment(scene, name="view")
    assert len(markup) < 1_500_000
    assert markup.count(f"<script>{script}</script>") == 1


def test_the_same_net_gives_the_same_page() -> None:
    followed = trajectory_of(snapshots(3))
    assert sg.view(followed).html == sg.view(followed).html


def test_json_ends_no_script_and_reads_back() -> None:
    value = {"a": "</script><!--&\u2028"}
    text = json_in_html(value)
    assert not re.search(r"[<>&\u2028]", text)
    assert json.loads(text) == value


def test_what_cannot_be_viewed_is_refused_in_words() -> None:
    with pytest.raises(SparseGraphError, match="a dict cannot be viewed; give a graph"):
        sg.view({})  # type: ignore[arg-type]
    with pytest.raises(SparseGraphError, match="without a snapshot"):
        sg.view(trajectory_of([]))
    with pytest.raises(ValueError, match="letters"):
        fragment(scene_of_graph(sg.LayeredGraph.from_matrices([np.eye(2)])), name="a b")


def test_a_view_in_a_notebook_is_a_frame_of_its_own() -> None:
    shown = sg.view(sg.LayeredGraph.from_matrices([np.eye(2)]))
    assert "<View of 2 layers, 4 neurons" in repr(shown)
    assert shown._repr_html_().startswith("<iframe srcdoc=")
    assert "<script>" not in shown._repr_html_()
