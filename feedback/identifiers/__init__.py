"""Identifiers: what in somebody's words could tell who they are, and the names that are looked for."""
