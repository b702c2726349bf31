"""The panel of the report: its sections as text, what is AI in it, review and signature."""
