"""Programmes and their guides, read and printed. A guide is changed in `editing`."""
