"""Sphinx configuration."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from api_page import write_api_page
from measure_pages import write_measure_pages
from notebook_pages import copy_notebooks

from sparsegraph import __version__

project = "sparsegraph"
author = "The sparsegraph developers"
copyright = author  # noqa: A001 - Sphinx wants this name
release = version = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode", "sphinx.ext.mathjax"]
html_theme = "furo"
html_title = f"sparsegraph {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
exclude_patterns = ["_build", "README.md"]
autodoc_typehints = "none"  # docstrings give types, shapes and units
napoleon_use_rtype = False
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the tests execute them


def setup(app):
    """Pages that are made from the package itself: one a measure, one a notebook, and the public names."""
    app.connect("builder-inited", lambda app: write_measure_pages(Path(app.srcdir) / "measures"))
    app.connect("builder-inited", lambda app: write_api_page(Path(app.srcdir) / "api.md"))
    app.connect("builder-inited", lambda app: copy_notebooks(Path(app.srcdir) / "tutorials"))
