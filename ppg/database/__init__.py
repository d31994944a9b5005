"""What the database needs to be told: to read as of one moment, and to leave nothing of what was deleted."""
