"""What the rules share: reading the network around a fault, and the parts of a repair."""
