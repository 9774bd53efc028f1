"""Finding nodes and commands by a few letters."""
