"""The sections of the page, one file per family: subjects in, section out."""
