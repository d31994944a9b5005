"""What takes long: how fast it is with much in it, and what is left when a process is killed (README.md)."""
