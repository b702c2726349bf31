"""What in a picture speaks for an answer of a network."""
