"""Use cases, each a Job; no Qt."""
