"""A caregiver's own page: the place that is kept for them, what they agreed to, and taking it back."""
