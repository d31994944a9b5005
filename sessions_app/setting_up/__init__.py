"""Setting up a group: its facts, its team, and its sessions as copies of the guides."""
