"""Drafts of reports beside those that were written."""
