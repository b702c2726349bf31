"""Steps by name, on clips; motion."""
