"""How long a declaration of 500 services takes to load."""
