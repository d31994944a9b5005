"""A group's time is over: whose details are due to go, removing them, and the reminder."""
