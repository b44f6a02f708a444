"""Recording anyone's own training loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize, prune

import sparsegraph
from sparsegraph.errors import SparseGraphError
from sparsegraph.training.observed import observed_blocks, other_values
from sparsegraph.training.sparse_linear import SparseLinear


def model() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))


def matrix(block: sparsegraph.graph.line.BlockState) -> np.ndarray:
    """Weights in torch's order of axes."""
    return block.mask.to_csr(block.weights).toarray().T


class Masked(nn.Module):
    """A parametrisation with a mask, as users write them."""

    def __init__(self, mask: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("mask", mask)

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight * self.mask


def with_prune(layer: nn.Linear, mask: torch.Tensor) -> None:
    prune.custom_from_mask(layer, "weight", mask)


def with_attribute(layer: nn.Linear, mask: torch.Tensor) -> None:
    layer.mask = mask


def with_buffer(layer: nn.Linear, mask: torch.Tensor) -> None:
    layer.register_buffer("weight_mask", mask.bool())


def with_parametrisation(layer: nn.Linear, mask: torch.Tensor) -> None:
    parametrize.register_parametrization(layer, "weight", Masked(mask))


@pytest.mark.parametrize("way", [with_prune, with_attribute, with_buffer, with_parametrisation])
def test_the_links_are_those_of_the_mask_zero_weights_included(way) -> None:
    net = model()
    mask = torch.zeros(5, 6)
    mask[0, 1] = mask[2, 3] = mask[4, 5] = 1
    with torch.no_grad():
        net[0].weight[2, 3] = 0
    expected = (net[0].weight * mask).detach().numpy()
    way(net[0], mask)
    block = observed_blocks(net)[0]
    assert block.name == "0"
    assert block.mask.positions.tolist() == [1 * 5 + 0, 3 * 5 + 2, 5 * 5 + 4]
    np.testing.assert_array_equal(matrix(block), expected)
    np.testing.assert_array_equal(block.biases, net[0].bias.detach().numpy())


def test_after_a_step_of_the_optimiser_the_weights_of_prune_are_the_new_ones() -> None:
    net = model()
    prune.random_unstructured(net[0], "weight", 0.5)
    net(torch.randn(4, 6)).sum().backward()
    torch.optim.SGD(net.parameters(), lr=1.0).step()
    expected = (net[0].weight_orig * net[0].weight_mask).detach().numpy()
    assert not np.array_equal(expected, net[0].weight.detach().numpy())  # torch sets it when the layer runs
    np.testing.assert_array_equal(matrix(observed_blocks(net)[0]), expected)


def test_without_a_mask_the_links_are_the_weights_that_are_not_zero() -> None:
    net = model()
    with torch.no_grad():
        net[0].weight[1:] = 0
    assert [block.mask.n_links for block in observed_blocks(net)] == [6, 15]


def test_a_convolution_has_rows_of_channel_and_kernel_position() -> None:
    net = nn.Sequential(nn.Conv2d(2, 3, (2, 4)), nn.Flatten(), nn.Linear(12, 2))
    with torch.no_grad():
        net[0].weight[1, 0] = 0
    conv, _ = observed_blocks(net)
    assert (conv.kind, conv.torch_shape, conv.mask.shape) == ("conv2d", (3, 2, 2, 4), (16, 3))
    expected = net[0].weight.detach().numpy()
    np.testing.assert_array_equal(matrix(conv).reshape(3, 2, 2, 4), expected)
    assert conv.mask.n_links == 40


def test_sparse_linear_layers_are_taken_as_they_are() -> None:
    from sparsegraph.graph.mask import Mask

    mask = Mask((6, 5), np.array([1, 7, 29]))
    layer = SparseLinear(6, 5, mask)
    blocks = observed_blocks(nn.Sequential(layer, nn.ReLU(), nn.Linear(5, 2)))
    assert blocks[0].mask.positions.tolist() == [1, 7, 29]
    np.testing.assert_array_equal(blocks[0].weights, layer.weight.detach().numpy())
    # the oracle is the layer itself: rows of the identity give its weights
    dense = (layer(torch.eye(6)) - layer(torch.zeros(1, 6))).detach().numpy()
    np.testing.assert_allclose(matrix(blocks[0]).T, dense, atol=1e-6)


def test_what_is_no_block_is_kept_for_running_the_network_again() -> None:
    net = model()
    extra = other_values(net)
    assert sorted(extra) == [f"1.{name}" for name in sorted(net[1].state_dict())]
    rebuilt = model()
    state = {key: torch.from_numpy(value) for key, value in extra.items()}
    for block in observed_blocks(net):
        state |= {
            f"{block.name}.weight": torch.from_numpy(matrix(block)),
            f"{block.name}.bias": torch.from_numpy(block.biases),
        }
    rebuilt.load_state_dict(state)
    x = torch.randn(4, 6)
    assert torch.equal(net.eval()(x), rebuilt.eval()(x))


def test_a_recorded_loop_is_a_run(tmp_path: Path) -> None:
    net = model()
    mask = torch.ones(5, 6)
    mask[0] = 0
    net[0].register_buffer("mask", mask)
    with sparsegraph.record(
        net, tmp_path / "run", every=2, input_shape=(1, 2, 3), configuration={"seed": 3}
    ) as recorder:
        for epoch in range(5):
            if epoch in (1, 3):
                net[0].mask[epoch - 1] = 1
                net[0].mask[epoch] = 0
            recorder.snapshot(epoch=epoch, step=10 * epoch, test_accuracy=epoch / 10)
    run = sparsegraph.open_run(tmp_path / "run")
    assert run.config["seed"] == 3
    assert run.config["recorded"]["model"] == "Sequential"
    assert run.snapshots.numbers == (1, 3, 4)  # every second call, and the trained net at the end
    assert run.topology.numbers == (0, 1, 3)
    assert [record["test_accuracy"] for record in run.history] == [0, 0.1, 0.2, 0.3, 0.4]
    assert [record["snapshot"] for record in run.history] == [None, 1, None, 3, None]
    assert [record["update"] for record in run.history] == [0, 1, 1, 2, 2]
    events = run.topology[1].events[0]
    assert events is not None
    # output neuron 1 loses its six links and neuron 0 gains them; positions are source * 5 + target
    assert events.removed.tolist() == [1, 6, 11, 16, 21, 26]
    assert events.regrown.tolist() == [0, 5, 10, 15, 20, 25]
    assert events.percolated.size == 0
    assert run.final.graph.layers[0].shape == (1, 2, 3)
    assert run.final.meta == {"metrics": {"test_accuracy": 0.4}}
    assert "1.running_mean" in run.final.extra


def test_neighbours_that_do_not_fit_are_told_and_still_recorded(tmp_path: Path) -> None:
    net = nn.ModuleDict({"a": nn.Linear(4, 3), "b": nn.Linear(5, 2)})
    recording = sparsegraph.record(net, tmp_path / "run")
    with pytest.warns(UserWarning, match="a and b follow each other .* do not fit"):
        recorder = recording.__enter__()
    recorder.snapshot()
    recording.__exit__(None, None, None)
    assert [layer.size for layer in sparsegraph.open_run(tmp_path / "run").final.graph.layers] == [4, 3, 5, 2]


def test_the_groups_of_a_convolution_are_those_of_its_module(tmp_path: Path) -> None:
    """Two towers on one channel are two chains, and the first convolution of another net has four channels in."""
    towers = nn.ModuleDict({"a": nn.Conv2d(1, 8, 3), "b": nn.Conv2d(1, 16, 3)})
    grouped = nn.Sequential(nn.Conv2d(4, 8, 3, groups=4), nn.Conv2d(8, 16, 1, groups=8))
    with pytest.warns(UserWarning, match="a and b follow each other .* begins a chain of its own"):
        assert [layer.size for layer in sparsegraph.graph_of(towers).layers] == [1, 8, 1, 16]
    here = sparsegraph.graph_of(grouped)
    assert [layer.size for layer in here.layers] == [4, 8, 16]
    assert [block.groups for block in here.blocks] == [4, 8]
    # channel i of the first sees input i // 2; channel i of the second sees channel i // 2 of the first
    assert here.blocks[0].weights.indices.tolist() == list(range(8))
    assert here.blocks[1].weights.indptr.tolist() == list(range(0, 17, 2))
    with sparsegraph.record(grouped, tmp_path / "run") as recorder:
        recorder.snapshot(epoch=1)
    run = sparsegraph.open_run(tmp_path / "run")
    for kept in (run.final, run.topology[0]):
        assert [block.groups for block in kept.blocks] == [4, 8]
        assert [layer.size for layer in kept.graph.layers] == [4, 8, 16]


def test_errors_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(SparseGraphError, match="no linear layer"), sparsegraph.record(nn.ReLU(), tmp_path / "a"):
        pass
    assert not (tmp_path / "a").exists()
    with (
        pytest.raises(SparseGraphError, match="every is 0; a whole number from 1 is needed"),
        sparsegraph.record(model(), tmp_path / "a", every=0),
    ):
        pass
    with sparsegraph.record(model(), tmp_path / "run") as recorder:
        recorder.snapshot(epoch=3)
        with pytest.raises(SparseGraphError, match="recorded anyway"):
            recorder.snapshot(epoch=4, links=3)
        with pytest.raises(SparseGraphError, match="2 after 3"):
            recorder.snapshot(epoch=2)
        for wrong in (2.5, "4", True, -1, torch.tensor(4.0)):
            with pytest.raises(SparseGraphError, match="expected a whole number"):
                recorder.snapshot(epoch=wrong)
            with pytest.raises(SparseGraphError, match="expected a whole number"):
                recorder.snapshot(epoch=4, step=wrong)
        for value in (torch.ones(3), object(), torch.tensor(1j)):
            with pytest.raises(SparseGraphError, match="test: a run keeps plain values only"):
                recorder.snapshot(epoch=4, test=value)
        recorder.snapshot(epoch=np.int64(4), step=torch.tensor(7))
    with pytest.raises(SparseGraphError, match="the recording has ended"):
        recorder.snapshot(epoch=5)
    run = sparsegraph.open_run(tmp_path / "run")
    assert [(record["epoch"], record["step"]) for record in run.history] == [(3, None), (4, 7)]
    assert run.snapshots.numbers == (0, 3, 4)


def test_numbers_of_other_libraries_are_metrics(tmp_path: Path) -> None:
    with sparsegraph.record(model(), tmp_path / "run", configuration={"lr": torch.tensor(0.5)}) as recorder:
        accuracy = (torch.tensor([1, 0]) == torch.tensor([1, 1])).float().mean()
        recorder.snapshot(test=accuracy, loss=np.float32(0.25), count=torch.tensor(3), nested={"a": [accuracy]})
    run = sparsegraph.open_run(tmp_path / "run")
    assert run.config["lr"] == 0.5
    record = run.history[0]
    assert (record["test"], record["loss"], record["count"], record["nested"]) == (0.5, 0.25, 3, {"a": [0.5]})


def trained(net: nn.Sequential) -> np.ndarray:
    """One more step; the weights after it."""
    with torch.no_grad():
        net[0].weight += 1
    return net[0].weight.detach().numpy().copy()


def test_the_start_and_the_trained_net_are_in_the_run(tmp_path: Path) -> None:
    net = model()
    states = [net[0].weight.detach().numpy().copy()]
    with sparsegraph.record(net, tmp_path / "run", every=3) as recorder:
        for epoch in range(1, 6):
            states.append(trained(net))
            recorder.snapshot(epoch=epoch, step=10 * epoch)
    run = sparsegraph.open_run(tmp_path / "run")
    assert run.snapshots.numbers == (0, 3, 5)
    for snapshot in run:
        np.testing.assert_array_equal(matrix(snapshot.blocks[0]), states[snapshot.number])
    assert [(s.epoch, s.step) for s in run] == [(0, 0), (3, 30), (5, 50)]
    assert run.topology.numbers == (0,)
    assert [record["epoch"] for record in run.history] == [1, 2, 3, 4, 5]


def test_what_was_trained_after_the_last_call_is_another_state(tmp_path: Path) -> None:
    net = model()
    with sparsegraph.record(net, tmp_path / "run") as recorder:
        for epoch in range(2):
            recorder.snapshot(epoch=epoch)
            last = trained(net)
    run = sparsegraph.open_run(tmp_path / "run")
    assert run.snapshots.numbers == (0, 1, 2)
    np.testing.assert_array_equal(matrix(run.final.blocks[0]), last)
    assert run.final.epoch is None
    assert len(run.history) == 2


def test_without_any_call_the_start_and_the_end_are_kept(tmp_path: Path) -> None:
    net = model()
    with sparsegraph.record(net, tmp_path / "a"):
        pass
    with sparsegraph.record(net, tmp_path / "b"):
        trained(net)
    assert sparsegraph.open_run(tmp_path / "a").snapshots.numbers == (0,)
    assert sparsegraph.open_run(tmp_path / "b").snapshots.numbers == (0, 1)


def test_an_error_in_the_loop_writes_no_end(tmp_path: Path) -> None:
    recording = sparsegraph.record(model(), tmp_path / "run", every=2)
    recorder = recording.__enter__()
    recorder.snapshot(epoch=1)
    error = ZeroDivisionError()
    assert not recording.__exit__(ZeroDivisionError, error, None)
    assert sparsegraph.open_run(tmp_path / "run").snapshots.numbers == (0,)
    with pytest.raises(SparseGraphError, match="the recording has ended"):
        recorder.snapshot(epoch=2)


def test_weights_that_are_no_numbers_are_recorded_and_told_once(tmp_path: Path) -> None:
    net = model()
    with sparsegraph.record(net, tmp_path / "run") as recorder:
        recorder.snapshot(epoch=1)
        with torch.no_grad():
            net[3].weight[0, 0] = torch.nan
        with pytest.warns(UserWarning, match="weights of 3 are NaN or infinite at snapshot 2") as told:
            recorder.snapshot(epoch=2)
        assert told[0].filename == __file__
        recorder.snapshot(epoch=3)
    assert sparsegraph.open_run(tmp_path / "run").snapshots.numbers == (0, 1, 2, 3)


def test_a_model_in_memory_has_the_graph_that_is_recorded(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 10))
    prune.l1_unstructured(net[3], "weight", 0.9)
    with sparsegraph.record(net, tmp_path / "run", input_shape=(1, 8, 8)) as recorder:
        recorder.snapshot(epoch=1)
    recorded = sparsegraph.open_run(tmp_path / "run").final.graph
    here = sparsegraph.graph_of(net, input_shape=(1, 8, 8))
    assert [(one.name, one.size) for one in here.layers] == [(one.name, one.size) for one in recorded.layers]
    for one, other in zip(here.blocks, recorded.blocks, strict=True):
        np.testing.assert_array_equal(one.weights.toarray(), other.weights.toarray())
    with pytest.warns(UserWarning, match="begins a chain of its own there") as told:
        sparsegraph.graph_of(nn.Sequential(nn.Linear(3, 2), nn.Linear(5, 2)))
    assert told[0].filename == __file__


@pytest.mark.parametrize("anew", [False, True], ids=["the same dictionary", "a new one each time"])
def test_masks_outside_the_model_are_looked_at_anew(anew: bool, tmp_path: Path) -> None:
    net = model()
    kept = {"0.weight": torch.zeros(5, 6), "3": np.ones((3, 5))}
    kept["0.weight"][0, 1] = 1
    holder = {"masks": kept}
    masks = (lambda: holder["masks"]) if anew else kept
    with sparsegraph.record(net, tmp_path / "run", masks=masks) as recorder:
        for source in (2, 3):
            mask = torch.zeros(5, 6, dtype=torch.bool)
            mask[0, source] = True  # a link of weight 0 is one
            net[0].weight.data[0, source] = 0
            holder["masks"] = {**kept, "0.weight": mask}
            kept["0.weight"] = mask
            recorder.snapshot()
    run = sparsegraph.open_run(tmp_path / "run")
    links = [snapshot.blocks[0].mask.positions.tolist() for snapshot in run.topology]
    assert links == [[1 * 5], [2 * 5], [3 * 5]]
    assert [block.n_links for block in run.final.graph.blocks] == [1, 15]
    assert sparsegraph.graph_of(net, masks=masks).n_links == 16


def test_a_mask_of_no_layer_or_of_another_shape_is_told() -> None:
    net, own = model(), nn.Sequential(SparseLinear(3, 2, np.ones((3, 2), bool)))
    for given, masks, message in (
        (net, {"4.weight": torch.ones(3, 5)}, "there is no layer of the mask '4.weight'; did you mean"),
        (net, {"3.bias": torch.ones(3)}, "there is no layer of the mask '3.bias'"),
        (net, {"0weight": torch.ones(5, 6)}, "there is no layer of the mask '0weight'"),
        (net, {"0": torch.ones(5, 6), "0.weight": torch.ones(5, 6)}, "has another one in masks; leave one out"),
        (net, {"0": torch.ones(6, 5)}, r"the mask '0' has the shape \(6, 5\); its layer's weight has \(5, 6\)"),
        (own, {"0": torch.ones(2, 3)}, "0 has its mask itself; leave it out of masks"),
    ):
        with pytest.raises(SparseGraphError, match=message):
            sparsegraph.graph_of(given, masks=masks)


def test_masks_outside_take_the_weights_that_the_optimiser_moved() -> None:
    net, mask = model(), torch.ones(5, 6)
    prune.custom_from_mask(net[0], "weight", mask)
    with torch.no_grad():
        net[0].weight_orig += 1  # as an optimiser does: `weight` is set anew when the layer runs
    here, without = sparsegraph.graph_of(net, masks={"0.weight": mask.to_sparse()}), sparsegraph.graph_of(net)
    np.testing.assert_array_equal(here.blocks[0].weights.toarray(), without.blocks[0].weights.toarray())


@pytest.mark.parametrize("masks", [[torch.ones(5, 6)], torch.ones(5, 6), {0: torch.ones(5, 6)}])
def test_masks_that_are_no_mapping_by_name_are_told(masks: object) -> None:
    with pytest.raises(TypeError, match=r"^masks are (a mapping by layer or parameter|named by layer or parameter)"):
        sparsegraph.graph_of(model(), masks=masks)  # type: ignore[arg-type] # the message is what is tested


def test_what_is_no_graph_no_path_and_no_model_is_told_with_what_to_pass(tmp_path: Path) -> None:
    net = nn.Linear(3, 2)
    with sparsegraph.record(net, tmp_path / "run") as recorder:
        recorder.snapshot(epoch=1)
    run = sparsegraph.open_run(tmp_path / "run")
    with pytest.raises(TypeError, match=r"pass run\.final\.graph, or run\.topology"):
        sparsegraph.measure(run, "degree")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"graph_of of a torch model"):
        sparsegraph.percolate(net)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"sparsegraph\.graph_of takes a torch model"):
        sparsegraph.load(net)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"a torch\.nn\.Module is expected, not an int"):
        sparsegraph.graph_of(3)  # type: ignore[arg-type]
    with pytest.raises(IndexError, match="no snapshot 99 in a run that has 2, counted from 0"):
        _ = run[99]
