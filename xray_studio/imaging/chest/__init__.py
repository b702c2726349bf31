"""A chest in three dimensions, with known truth: seen by radiography and by CT."""
