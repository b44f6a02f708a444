"""The file formats: how each is recognised, and one file for what reads each."""
