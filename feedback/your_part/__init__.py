"""A page for the parent who co-leads: their part, whom to tell, their support, and what the group asked for."""
