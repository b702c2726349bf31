"""Models as folders: shipped, installed, handed on signed."""
