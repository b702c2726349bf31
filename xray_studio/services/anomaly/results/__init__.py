"""What a detector says of a file, in forms that other programs open."""
