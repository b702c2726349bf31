"""The panel of what was measured on the series in view."""
