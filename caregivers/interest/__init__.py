"""The page behind the poster's code: somebody would like to hear from us."""
