"""Forms of before and after: how a group is asked, and answers that staff write down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.measures.queries import OWN
from evaluation.models import Measure, Mode
from evaluation.rounds import plans
from feedback.answering.forms import AnswerForm
from feedback.models import Way
from ppg.forms.fields import ChoiceRadios, GovForm

LINKS_EXPLAINED = gettext_lazy(
    "Everybody gets a link of their own. Their answers lie under a random name, and only the computer knows whose it "
    "is. You see who has answered, never what, and you can remind people."
)
CARDS_EXPLAINED = gettext_lazy(
    "Everybody draws a sealed card with a code and keeps it. Nothing ties a code to a person. You see nothing until "
    "the questions have closed, then how many answered. You cannot remind anybody, and a lost card is lost."
)


class PlanForm(GovForm):
    submit_label = gettext_lazy("Keep this choice")

    mode = ChoiceRadios(
        label=gettext_lazy("How should people answer?"),
        choices=Mode.choices,
        hints={Mode.CONFIDENTIAL: LINKS_EXPLAINED, Mode.CODED: CARDS_EXPLAINED},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = {row.questionnaire.slug: row for row in plans.measures() if row.questionnaire.slug != OWN}
        self.measures: dict[str, Measure | None] = {OWN: None, **others}
        titles = [
            (OWN, _("Our own short measure")),
            *((slug, measure.questionnaire.title) for slug, measure in others.items()),
        ]
        self.fields["measure"] = ChoiceRadios(
            label=_("Which questions?"), choices=titles, hints={OWN: _("Ten statements and a goal, three minutes")}
        )

    def measure(self) -> Measure | None:
        """None: our own."""
        return self.measures[self.cleaned_data["measure"]]


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
