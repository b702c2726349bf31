"""All that learns: from folders of films to what a model says, and how it was judged."""
