"""Models judged on films that they did not learn from, beside what is simpler."""
