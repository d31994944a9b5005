"""Codes in addresses, links that open something personal, and the page of a link that does not work."""
