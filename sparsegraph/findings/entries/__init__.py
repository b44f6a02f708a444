"""The findings, a file a paper."""
