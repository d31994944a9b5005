"""A caregiver's own links: made, shown once to staff, and sent by e-mail."""
