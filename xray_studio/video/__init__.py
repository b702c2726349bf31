"""Video files through PyAV: probe, read, write."""
