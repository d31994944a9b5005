"""The sheet to print, and piles of sheets that are typed in."""
