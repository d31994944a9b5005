"""An administrator's pages about everybody's accounts: inviting, changing, blocking, resetting a factor."""
