"""Reports of studies: what drafts are made from without an engine, and how drafts are judged."""
