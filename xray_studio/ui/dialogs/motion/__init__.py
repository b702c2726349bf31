"""Motion of a clip."""
