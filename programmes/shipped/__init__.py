"""The programmes that come with the product: from their files into the database."""
