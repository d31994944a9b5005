"""Private notes of a parent who co-leads: read and written by their writer alone, gone with their account."""
