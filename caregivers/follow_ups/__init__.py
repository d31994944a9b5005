"""Calls, visits and talks with one caregiver outside the sessions: planned, taken on, what became of them."""
