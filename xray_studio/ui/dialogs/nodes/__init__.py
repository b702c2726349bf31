"""Nodes: archives by name, what they take."""
