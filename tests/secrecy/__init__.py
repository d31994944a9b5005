"""Whoever subtracts, and whoever holds the database: searches for what pages, files and rows tell of few people."""
