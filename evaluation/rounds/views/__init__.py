"""The pages of the team (`waves`), and the public one of whoever answers by their link (`answer`)."""
