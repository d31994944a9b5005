"""What people wrote, by itself: read, put under themes, chosen as a quote."""
