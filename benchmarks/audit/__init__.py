"""How long an audit of a million files takes, and how much memory."""
