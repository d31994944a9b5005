"""The outcome of a police check, and what follows from it for an offered place."""
