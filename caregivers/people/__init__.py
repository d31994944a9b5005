"""Where each person of a group is on the way to a place, what is next and who owes it. Doing it is in other rooms."""
