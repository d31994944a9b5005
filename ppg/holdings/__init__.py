"""Every table and field that the product holds, and the archive of all of it."""
