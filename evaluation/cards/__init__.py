"""Sealed cards with codes: made, answered with, taken out. Nothing ties a code to a person."""
