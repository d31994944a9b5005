"""What groups changed in a guide, and taking it into the guide's next version."""
