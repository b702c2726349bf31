"""The tags of the file on screen."""
