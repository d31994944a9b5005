"""How often a page behind a caregiver's own link may be sent."""

# A venue's wifi is one address for a whole group and its helpers.
MOST, SECONDS = 40, 300
