"""A recipe over many series."""
