"""What the group asks for: the suggestion box, what came by other ways, and the answers it is owed."""
