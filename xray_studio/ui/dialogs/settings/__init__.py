"""Settings, searchable."""
