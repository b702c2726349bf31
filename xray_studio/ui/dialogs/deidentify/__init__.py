"""De-identifying objects."""
