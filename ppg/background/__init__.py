"""Work outside of requests: jobs of the queue, what is due by the clock, what is cleared away at night."""
