"""Sealed cards with codes: printed, answered with, counted out, taken out. Nothing ties a code to a person."""
