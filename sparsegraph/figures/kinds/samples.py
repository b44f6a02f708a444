"""Kind: sample images of data sets, a row a class."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np

from sparsegraph.data.load import load_data
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.papers.data_sets import data_title
from sparsegraph.plotting.panels import grid
from sparsegraph.plotting.style import STYLE
from sparsegraph.rng import rng_for


def samples(material: Material, *, data_sets: Sequence[str], per_class: int = 8) -> Drawn:
    """Images of the training parts, drawn at random within each class.

    Parameters
    ----------
    material : Material
    data_sets : sequence of str
    per_class : int
    """
    import pandas as pd

    canvas, panels = grid(1, len(data_sets), width=3.2 * len(data_sets), height=3.6)
    rows = []
    with mpl.rc_context(STYLE):
        for axes, name in zip(panels[0], data_sets, strict=True):
            found = load_data(name, folder=material.data_dir, normalise="unit")
            rng = rng_for(material.seed, "samples", name)
            lines = []
            for label in range(found.n_classes):
                here = np.flatnonzero(found.train.labels == label)
                chosen = np.sort(rng.choice(here, per_class, replace=False))
                lines.append(
                    np.concatenate([_picture(found.train.images[i], found.image_shape) for i in chosen], axis=1)
                )
                rows += [{"data": name, "class": label, "index": int(i)} for i in chosen]
            axes.imshow(np.concatenate(lines, axis=0), cmap="gray", vmin=0.0, vmax=1.0)
            axes.set_title(data_title(name), loc="left", fontsize=8)
            axes.set_axis_off()
    return Drawn(canvas, pd.DataFrame(rows), (), ("A row a class; the CSV has the places in the training part.",))


def _picture(image: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Rows, columns and three colours, in [0, 1]."""
    rows_first = np.moveaxis(np.asarray(image, float).reshape(shape), 0, -1)
    return np.clip(rows_first.repeat(3 if shape[0] == 1 else 1, axis=-1), 0.0, 1.0)
