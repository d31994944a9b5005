"""Everybody's page of their own account."""
