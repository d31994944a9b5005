"""From the database to the figures. Here consent decides who counts.

What is made of the rows: `figures/`. What of it may be shown: `disclosure/`."""
