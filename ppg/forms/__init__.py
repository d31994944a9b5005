"""Forms: their fields, one press with one effect, and what was typed when a sign-in had ended."""
