"""What a new installation needs of programmes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from ppg.health.steps import Maker, Step
from programmes.models import Guide


def guides_step() -> Step:
    return Step(
        _("Load the programmes and their guides"),
        Guide.objects.exists(),
        _("Whoever runs the server does it: manage.py load_programmes."),
        reverse("programmes:index"),
    )


GUIDES = Maker(30, guides_step)
