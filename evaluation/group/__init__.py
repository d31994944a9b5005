"""A group's page, and where one goes from it."""
