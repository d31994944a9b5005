"""A group's poster: switched on and off, shown and printed. The page that it leads to: `interest`."""
