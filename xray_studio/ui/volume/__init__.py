"""A volume in the grid: three planes that meet in a cross, and a rendering."""
