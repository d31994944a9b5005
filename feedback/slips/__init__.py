"""Slips that people draw, one each: printed, typed, and what they mean for opening a box."""
