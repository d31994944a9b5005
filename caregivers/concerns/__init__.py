"""Concerns and the information log: written down, read by few, closed, and somebody is reminded until then."""
