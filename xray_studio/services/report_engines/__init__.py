"""Engines that draft reports: one file each, found by name in one registry."""
