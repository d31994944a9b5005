"""What somebody tells us about themselves: by a link, told to staff, and put right later."""
