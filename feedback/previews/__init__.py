"""Questions looked at on the very page that people get."""
