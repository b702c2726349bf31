"""Writing what a clip shows or holds, and checking what was written."""
