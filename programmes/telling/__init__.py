"""Staff hear by e-mail that work waits for them: how much in the morning, and at once that something came in."""
