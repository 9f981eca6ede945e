"""How many snapshots are exactly equal to their source while it is written to."""
