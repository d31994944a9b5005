"""Setting a group's time to the one that was chosen: the sessions still ahead move to it."""
