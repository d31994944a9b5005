"""A file of everything held about a person, and erasing them: at their request or because their time is over."""
