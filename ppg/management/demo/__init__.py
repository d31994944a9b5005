"""The demo's invented people and groups. Nobody here is real."""
