"""Maps of the unusual on screen: which detector is asked, its regions and how its map is shown."""
