"""EMNIST letters and balanced, from the gzip archive of NIST or the files in it."""

from __future__ import annotations

from functools import partial

from sparsegraph.data.mnist import idx_contents
from sparsegraph.data.published import Edition, PublishedFile, PublishedSet
from sparsegraph.data.source import Download, Source

ARCHIVE_MD5 = "58c8d27c78d21e728a6bc7b3cc06412e"
"""MD5 of gzip.zip, as torchvision and many others hold it."""

URL = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"


def emnist_source(part: str, *, n_classes: int, first_label: int, samples: tuple[int, int]) -> Source:
    """One of the set's divisions; its images are stored transposed (columns first) and are turned upright here.

    Parameters
    ----------
    part : str
        Name of the division in the names of its files.
    n_classes, first_label : int
        Labels are ``first_label`` to ``first_label + n_classes - 1``.
    samples : tuple of int
        Images for training and for the test.
    """
    names, files = [], []
    for stage, n_samples in zip(("train", "test"), samples, strict=True):
        for kind, size in (("images-idx3", 16 + 784 * n_samples), ("labels-idx1", 8 + n_samples)):
            names.append(f"emnist-{part}-{stage}-{kind}-ubyte")
            files.append(PublishedFile(names[-1], size, None))
    decode = partial(idx_contents, names=tuple(names), n_classes=n_classes, first_label=first_label, transposed=True)
    folders = (f"emnist-{part}", "emnist", "EMNIST/raw", "gzip")
    edition = Edition(tuple(files), decode, folders, "gzip.zip", ARCHIVE_MD5)
    title = f"EMNIST {part}"
    read = PublishedSet(title, (edition,), f"or download gzip.zip (562 MB) from {URL} by --download (download=True)")
    return Source(f"emnist-{part}", title, read, downloads=(Download("emnist", "gzip.zip", (URL,), ARCHIVE_MD5),))


# Sizes and labels: Cohen, Afshar, Tapson and van Schaik, EMNIST: an extension of MNIST to handwritten letters, IJCNN
# (2017), table II; letters are labelled from 1.
SOURCES = (
    emnist_source("letters", n_classes=26, first_label=1, samples=(124_800, 20_800)),
    emnist_source("balanced", n_classes=47, first_label=0, samples=(112_800, 18_800)),
)
