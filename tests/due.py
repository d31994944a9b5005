"""What is due for somebody, asked in every way in which it is shown."""

from __future__ import annotations

from datetime import datetime

from django.test import Client
from django.urls import reverse

from ppg.models import User
from programmes.due.queries import due
from programmes.models import Cohort


def kinds(user: User, now: datetime, cohort: Cohort | None = None) -> list[str]:
    """The kinds of what is due across the groups of somebody, in order. The group alone says the same, and the page
    that lists it leads to where each of them is done."""
    tasks = [task for task in due(user, now).tasks if task.source]
    if cohort:
        here = [task.code for task in due(user, now, cohort).tasks]
        assert here == [task.code for task in tasks if task.cohort and task.cohort.pk == cohort.pk]
    browser = Client()
    browser.force_login(user)
    page = browser.get(reverse("due")).text
    if any(task.watched for task in tasks):
        page += browser.get(reverse("home")).text
    assert [task.code for task in tasks if task.url not in page] == []
    return [task.source.slug for task in tasks if task.source]
