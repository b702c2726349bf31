"""How everything looks: colours, sizes, fonts, style sheet and icons."""
