"""A trial run of the HDF5 library in another process, which may crash or hang there instead of here.

The library falls into endless loops on some damaged files (in C, where nothing can interrupt it): 1 of 6000 mutations
of a real file.  What it has read once without that, it reads again.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sparsegraph.errors import LoadError

if TYPE_CHECKING:
    import h5py

SILENCE_SECONDS = 20.0
"""How long the other process may take for its start, or for one piece of a dataset."""

_PIECE_BYTES = 1 << 26
_BEAT = b"."


def try_elsewhere(path: Path) -> None:
    """Let another process read everything that a file holds.

    Raises
    ------
    LoadError
        If that process dies of a signal, or is silent for ``SILENCE_SECONDS``.  Errors that the library reports are
        left to the caller's own reading.

    Notes
    -----
    Costs the start of an interpreter (about 0.3 s) and one more pass over the datasets.
    """
    command = [sys.executable, "-m", __name__, str(path.absolute())]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    )
    assert process.stdout is not None
    beats: queue.Queue[bytes] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(process.stdout, beats), daemon=True)
    listener.start()
    try:
        while beats.get(timeout=SILENCE_SECONDS):
            pass
        code = process.wait(timeout=SILENCE_SECONDS)
    except (queue.Empty, subprocess.TimeoutExpired):
        raise LoadError("an HDF5 file on which its library hangs; it is damaged: copy or save it again") from None
    finally:
        process.kill()
        process.wait()
        listener.join()
        process.stdout.close()
    if code != 0:
        raise LoadError(
            f"an HDF5 file on which its library crashes (status {code}); it is damaged: copy or save it again"
        )


def _listen(stream: IO[bytes], beats: queue.Queue[bytes]) -> None:
    while data := stream.read(4096):
        beats.put(data)
    beats.put(b"")


def read_all(path: Path, beat: Callable[[], None]) -> None:
    """Read every dataset that the loader would, piece by piece, and say so after each."""
    from sparsegraph.io.readers.hdf5_file import datasets

    for dataset in datasets(path):
        beat()
        for piece in _pieces(dataset):
            dataset[piece]
            beat()


def _pieces(dataset: h5py.Dataset) -> list[slice | tuple[()]]:
    """Ranges of rows of about 64 MiB, in whole chunks."""
    if not dataset.shape:
        return [()]
    n_rows = dataset.shape[0]
    step = max(1, _PIECE_BYTES * n_rows // max(1, dataset.size * dataset.dtype.itemsize))
    if dataset.chunks:
        step = -(-step // dataset.chunks[0]) * dataset.chunks[0]
    return [slice(start, start + step) for start in range(0, n_rows, step)]


def _main() -> None:
    def beat() -> None:
        sys.stdout.buffer.write(_BEAT)
        sys.stdout.buffer.flush()

    beat()
    try:
        read_all(Path(sys.argv[1]), beat)
    except Exception:
        return  # the caller will meet it too, and knows how to say it


if __name__ == "__main__":
    _main()
