"""Steps: one file for each kind of processing, listed in services.steps."""
