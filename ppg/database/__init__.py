"""What the database needs to be told: to read as of one moment, to count beside each row, and to leave nothing of
what was deleted."""
