"""A tablet that goes round the room, one sheet after the other."""
