"""Named data sets as arrays: readers of the original files, checksums, splits; numpy only."""

from sparsegraph.data.arrays import npz_source
from sparsegraph.data.dataset import DataSet, Split
from sparsegraph.data.downloading import download
from sparsegraph.data.load import load_data
from sparsegraph.data.patterns import synthetic
from sparsegraph.data.source import DATASETS, Download, Place, Raw, Source

__all__ = [
    "DATASETS",
    "DataSet",
    "Download",
    "Place",
    "Raw",
    "Source",
    "Split",
    "download",
    "load_data",
    "npz_source",
    "synthetic",
]
