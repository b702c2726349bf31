"""The grid of viewports: its places, what moves between them, windows of their own."""
