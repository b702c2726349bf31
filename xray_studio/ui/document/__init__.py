"""Documents on screen: text, tables and links, recording paper, pages."""
