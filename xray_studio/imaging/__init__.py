"""Pictures: render, draw, read stills, make phantoms."""
