"""A list of people brought into a group's list: the file, its columns, a look at every row, the last press."""
