"""Collections of films as their publishers laid them out, one file for each layout."""
