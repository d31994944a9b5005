"""Themes that comments and quotes stand under; they are there for every group."""
