"""Features of pictures as rows of numbers."""
