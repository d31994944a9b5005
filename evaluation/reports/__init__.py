"""A group's report: its text and what stands beside it, its pages, its two editions, what of it is left behind."""
