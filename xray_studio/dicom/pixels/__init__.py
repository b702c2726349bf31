"""Stored frames: where they lie, their decoders, and their colour."""
