"""``python -m sparsegraph``."""

from sparsegraph.cli import main

if __name__ == "__main__":
    main()
