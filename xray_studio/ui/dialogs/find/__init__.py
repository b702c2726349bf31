"""Any action by its name."""
