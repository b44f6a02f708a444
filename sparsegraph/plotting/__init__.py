"""Pictures of results: one file per kind of figure; numbers never import matplotlib."""
