"""What the evaluation says in numbers. Pure: rows in (`rows`), one `Figures` out (`shapes`), made in `calculation`.

Nothing is held back here: `disclosure/` does that. The page that shows a group's figures is in `live/`."""
