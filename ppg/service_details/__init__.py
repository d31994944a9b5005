"""What this council calls the service, how people reach it, and how long things are kept."""
