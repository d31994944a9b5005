"""What is made for people to keep: PDF and tables for a spreadsheet."""
