"""A group's report: written beside the figures, published in versions of two editions, read and printed.

What a withdrawal does to versions: `withdrawing/`."""
