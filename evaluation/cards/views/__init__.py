"""The pages of those who print and count (`cards`), and the public ones of whoever holds a card (`answer`)."""
