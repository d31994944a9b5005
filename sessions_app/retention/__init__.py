"""A group's time is over: whose details go and when, the warning before, removing them, and keeping them longer."""
