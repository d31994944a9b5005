"""What of the figures may be shown, and to whom. Pure: `Figures` in, `Figures` out; the rules are in `suppression`.

Only `least_people` looks at the settings."""
