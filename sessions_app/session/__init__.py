"""A session's own page: its plan at the times of day, on the screen and printed. Changing the plan is `planning/`."""
