"""The pages about concerns, and those of the information log, which is restricted in the same way."""
