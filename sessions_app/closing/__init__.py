"""Closing a session: what became of its plan and why, what to come back to, calls, and the packs on their way."""
