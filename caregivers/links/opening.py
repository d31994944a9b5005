"""Opening a page by a caregiver's own link: whose it is, and how often it may be tried."""

from datetime import datetime

from caregivers.models import PersonalLink

# By one link. Whoever has another one, and be it on the same wifi, has their own count.
MOST, SECONDS = 40, 300


def link_of(token: str, purpose: str, now: datetime) -> PersonalLink | None:
    return PersonalLink.objects.opened_by(token, now).filter(purpose=purpose).first()
