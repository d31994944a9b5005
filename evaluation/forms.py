"""Answers that staff write down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.forms import AnswerForm
from feedback.models import Way
from ppg.formfields import ChoiceRadios


class WrittenDownForm(AnswerForm):
    """The same questions, for answers given on paper or spoken."""

    submit_label = gettext_lazy("Keep these answers")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        way = ChoiceRadios(
            label=_("How were these answers given?"),
            choices=[(Way.PAPER, Way.PAPER.label), (Way.SPOKEN, _("By phone, or read out"))],
        )
        self.fields = {"way": way, **self.fields}
