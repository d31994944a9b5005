"""Changing a session's plan: moved, cancelled, put back, added, its agenda; each change says why and is kept."""
