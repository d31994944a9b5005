"""What pages are put together from: the gallery that shows it all, tables that stack on a phone."""
