"""Places in a group: offered, given, waited for and left, how many there are, and the rules of who may have one."""
