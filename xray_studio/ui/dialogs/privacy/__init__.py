"""The privacy gate of exports."""
