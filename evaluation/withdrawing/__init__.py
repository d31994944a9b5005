"""When somebody takes answers back: what is superseded, what the figures remember, and what is left behind."""
