"""Measurements side by side with a peer, each one command; results are committed as data."""
