"""A new password: what it must be, and what choosing one ends."""
