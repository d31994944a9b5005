"""What a group answered, in counts, and how many must have answered before anything is shown."""
