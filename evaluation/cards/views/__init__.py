"""The page of the team (`cards`), and the public ones of whoever holds a card (`answer`)."""
