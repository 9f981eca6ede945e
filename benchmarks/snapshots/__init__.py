"""What a snapshot costs beside borgmatic, on the same data."""
