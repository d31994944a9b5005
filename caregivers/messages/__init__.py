"""Messages to the people of a group: to whom, by which safe way, sent, and what became of each copy."""
