"""Which times suit the people of a group: proposed, answered, compared. Choosing one is in `sessions_app`."""
