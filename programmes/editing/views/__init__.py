"""The pages that change a draft, and those that end it."""
