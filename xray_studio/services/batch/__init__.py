"""One recipe over many series, each a task of its own that runs in a worker process."""
