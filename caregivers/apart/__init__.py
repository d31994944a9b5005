"""Two people who never have a place in the same group: marked, and the mark taken away."""
