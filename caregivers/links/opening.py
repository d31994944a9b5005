"""Opening a page by a caregiver's own link: whose it is, and how often it may be tried."""

from datetime import datetime

from caregivers.models import PersonalLink

# A venue's wifi is one address for a whole group and its helpers.
MOST, SECONDS = 40, 300


def link_of(token: str, purpose: str, now: datetime) -> PersonalLink | None:
    return PersonalLink.objects.opened_by(token, now).filter(purpose=purpose).first()
