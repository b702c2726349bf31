"""What the attributes of one object say: identity, format, grey transforms, timing."""
