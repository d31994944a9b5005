"""The talk with the group after the programme: written down, and words of it chosen as a quote."""
