"""Sending to archives, without libraries: nodes, what is sent and how it ended, the queue."""
