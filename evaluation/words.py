"""What codes in figures are called on pages, in print and in data files."""

from __future__ import annotations

from django.utils.translation import gettext as _

from caregivers.models import Information, Referral


def source_name(source: str) -> str:
    """How somebody reached us; an empty source stands for several small ones."""
    return str(dict(Referral.Source.choices).get(source, source)) if source else _("All others together")


def method_name(method: str) -> str:
    return str(dict(Information.Method.choices).get(method, method))
