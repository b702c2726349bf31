"""Objects on their way to an archive."""
