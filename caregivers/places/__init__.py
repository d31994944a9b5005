"""Places in a group: offered, given, waited for and left, and how many there are. The rules: `place_rules.py`."""
