"""Signing in: the password, then a code or a passkey; what was typed before the sign-in had ended; signing out."""
