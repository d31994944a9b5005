"""How often a page behind a caregiver's own link may be sent."""

# By one link. Whoever has another one, and be it on the same wifi, has their own count.
MOST, SECONDS = 40, 300
