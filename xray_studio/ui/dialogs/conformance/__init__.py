"""What an object's definition says of it."""
