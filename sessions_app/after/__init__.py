"""The minutes after a session: who stayed to talk."""
