"""Support given to the team of a group: offered, held or not wanted. Never what was said."""
