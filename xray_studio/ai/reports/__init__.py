"""Networks that write reports: what they see, how they search for words, which draft is taken."""
