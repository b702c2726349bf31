"""Models at work: their process, what they say of films, and what in a film speaks for it."""
