"""Learning from folders of films: reading them, training on them, judging what was trained."""
