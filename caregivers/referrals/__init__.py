"""Somebody reached us: added by staff, the first call, whose turn it is, and no, thank you."""
