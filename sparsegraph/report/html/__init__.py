"""The report as one HTML file that needs nothing else: a page model built from reports, and its templates."""
