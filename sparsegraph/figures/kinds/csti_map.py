"""Kind: the correlated start of CHT, drawn from the training images alone."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np

from sparsegraph.data.load import load_data
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.measures.powerlaw import powerlaw
from sparsegraph.papers.data_sets import data_title
from sparsegraph.papers.numbers import paper_numbers
from sparsegraph.plotting.panels import PAGE, grid, letters
from sparsegraph.plotting.style import DATA, STYLE
from sparsegraph.result import Undefined
from sparsegraph.rng import rng_for
from sparsegraph.topology.csti import csti


def csti_map(material: Material, *, data: str, density: float = 0.01, n_layers: int = 3) -> Drawn:
    """Links of each pixel under CSTI, and the degrees of the net that starts from it.

    Parameters
    ----------
    material : Material
    data : str
        Name of a data set of images.
    density : float
    n_layers : int
        Sparse blocks, each as wide as the inputs.
    """
    import pandas as pd

    found = load_data(data, folder=material.data_dir)
    features = found.train.images.reshape(len(found.train.images), -1)
    size = features.shape[1]
    n_links = [round(density * size * size)] * n_layers
    masks = csti(
        [(size, size)] * n_layers, n_links, features=features, fill="uniform", rng=rng_for(material.seed, "csti")
    )
    matrices = [_matrix(mask) for mask in masks]
    links = matrices[0].sum(axis=1)
    law = powerlaw(LayeredGraph.from_matrices(matrices), rng=rng_for(material.seed, "powerlaw"), replicas=1)
    shape = found.image_shape[-2:]
    image = links.reshape(-1, *shape).sum(axis=0)
    middle = _middle_share(image)
    canvas, panels = grid(1, 2, width=PAGE * 0.75, height=2.5)
    with mpl.rc_context(STYLE):
        shown = panels[0, 0].imshow(image, cmap="viridis")
        canvas.colorbar(shown, ax=panels[0, 0], label="links of the pixel", shrink=0.85)
        panels[0, 0].set_xticks([])
        panels[0, 0].set_yticks([])
        counts = np.bincount(links.astype(np.int64))[1:]
        panels[0, 1].bar(np.arange(1, counts.size + 1), counts, width=1.0, color=DATA)
        panels[0, 1].set_ylim(0, 1.35 * counts.max(initial=1))  # room for the words
        panels[0, 1].set_xlabel("links of a pixel (those with any)")
        panels[0, 1].set_ylabel("pixels")
        alpha = law.grid_whole.alpha
        gamma = float("nan") if isinstance(alpha, Undefined) else alpha
        printed = paper_numbers(table="002 text", quantity="gamma of the CSTI start")[0].value
        letters(list(panels[0]), [f"{data_title(data)}, {100 * density:g} % of links", "degrees"])
        panels[0, 1].text(
            0.98,
            0.95,
            f"gamma {gamma:.2f} (paper {printed:g})\nin the middle quarter: {100 * middle:.0f} %",
            transform=panels[0, 1].transAxes,
            ha="right",
            va="top",
            fontsize=7,
        )
    table = pd.DataFrame({"pixel": np.arange(size), "links": links}).assign(gamma=gamma, middle_share=middle)
    notes = (
        f"Absolute Pearson correlation over all {len(features):,} training images, diagonal 0, constant pixels "
        f"without links. "
        f"gamma: papers' grid over the whole net of {n_layers} such blocks.",
    )
    return Drawn(canvas, table, (), notes)


def _matrix(mask: Mask) -> np.ndarray:
    dense = np.zeros(mask.shape)
    dense[mask.source, mask.target] = 1.0
    return dense


def _middle_share(image: np.ndarray) -> float:
    """Share of the links at the middle half of both sides: a quarter of the pixels."""
    height, width = image.shape
    middle = image[height // 4 : height - height // 4, width // 4 : width - width // 4]
    return float(middle.sum() / image.sum())
