"""What the program can do, in one table: actions, their keys and conditions, and menus."""
