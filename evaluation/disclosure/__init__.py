"""What of the figures may be shown, and to whom. Pure: `Figures` in, `Figures` out; the rules are in `suppression`.

Only `thresholds` looks at the settings."""
