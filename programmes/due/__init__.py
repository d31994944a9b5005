"""What needs somebody, across groups: each app says what of its own is due, one query asks for all of it."""
