"""Drafts of reports without libraries: their words, how they are scored, what they say."""
