"""Finding a person of one's own groups by any name or by figures of their phone number, from every page."""
