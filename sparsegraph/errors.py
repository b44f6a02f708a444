"""The errors that sparsegraph raises on purpose.

Each message is one line that says what was found, what was expected and what to do. The command line prints it
and exits with status 1; any other exception is a bug.
"""

from __future__ import annotations


class SparseGraphError(Exception):
    """Root of every error that sparsegraph raises on purpose."""


class UnknownNameError(SparseGraphError):
    """A name (measure, format, layer ...) that nothing is registered under."""


class ProcessDiedError(SparseGraphError):
    """A process that worked beside this one died, likely for want of memory."""


class GraphError(SparseGraphError):
    """Layers and blocks that do not form a layered graph."""


class DataError(SparseGraphError):
    """Values that a function cannot work on, such as degrees below zero."""


class DataSetError(SparseGraphError):
    """A data set that is damaged, is not what its name says, or cannot be had."""


class MissingDataError(DataSetError):
    """A data set whose files are not on this machine."""


class LoadError(SparseGraphError):
    """A file that cannot be read as a checkpoint."""


class UnsafeFileError(LoadError):
    """A file that can be read only by running code stored in it, which sparsegraph never does."""


class AmbiguousChainError(LoadError):
    """Matrices that fit together in more than one order."""
