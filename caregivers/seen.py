"""Whom a page is about, found among those its person may see; for everybody else there is no such page."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from caregivers.models import Caregiver, Referral
from ppg.models import User


def referral_of(request: HttpRequest, code: str) -> Referral:
    referrals = Referral.objects.visible_to(cast(User, request.user)).select_related("cohort__programme", "caregiver")
    return get_object_or_404(referrals, code=code)


def caregiver_of(request: HttpRequest, code: str) -> Caregiver:
    return get_object_or_404(Caregiver.objects.visible_to(cast(User, request.user)), code=code)
