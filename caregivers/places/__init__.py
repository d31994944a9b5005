"""Places in a group: offered, given, waited for and left, and how many there are. Who may have one: `seats.py`."""
