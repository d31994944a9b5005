"""A caregiver's own links: made, sent by e-mail, opened, and ended."""
