"""Studies found in an archive, and fetched."""
