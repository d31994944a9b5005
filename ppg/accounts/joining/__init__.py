"""From the link of an invitation to the first page: a password, then a second factor."""
