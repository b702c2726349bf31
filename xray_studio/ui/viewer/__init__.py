"""The viewport: frames on their way to the screen, and what mouse and keys do to them."""
