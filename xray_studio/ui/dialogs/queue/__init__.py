"""The queue of what is sent to archives."""
