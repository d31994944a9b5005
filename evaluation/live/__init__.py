"""A group's figures as they stand now, on a page of their own.

How they are worked out: `collecting/` and `figures/`."""
