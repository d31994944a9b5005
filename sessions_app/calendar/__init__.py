"""The sessions of a person's teams in their own calendar, by a secret address."""
