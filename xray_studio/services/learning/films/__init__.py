"""Films on their way into a network: opened, squashed, looked through for copies, counted."""
