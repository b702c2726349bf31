"""Pictures of README and docs: scenes in which the real window shows the demonstration study."""
