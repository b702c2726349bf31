"""Archives by name: nodes, the queue of what is sent, worklists, what they have."""
