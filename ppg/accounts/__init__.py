"""The accounts of staff: who has one, how they sign in, and how they leave."""
