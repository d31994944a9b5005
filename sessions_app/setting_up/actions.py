"""Setting up a cohort: the group, its team, and its sessions with a copy of their guides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import key_of, once
from ppg.models import Effect, User
from programmes.models import Cohort, Guide, Programme, TeamMember
from sessions_app.dates import local_start
from sessions_app.models import Session, SessionHandout, SessionItem, SessionItemResource
from sessions_app.speakers.actions import speakers_for

SET_UP = "set up"
JOBS = {
    Role.LEAD: TeamMember.Job.LEAD,
    Role.FACILITATOR: TeamMember.Job.FACILITATOR,
    Role.PARENT: TeamMember.Job.PARENT,
    Role.MANAGER: TeamMember.Job.MANAGER,
    Role.EVALUATOR: TeamMember.Job.EVALUATION,
}


@transaction.atomic
def set_up(
    *,
    programme: Programme,
    name: str,
    area: str,
    days: Sequence[date],
    at: time,
    places: int,
    by: User,
    team: Iterable[User] = (),
    venue: str = "",
    online_link: str = "",
    made_on: date | None = None,
    effect_key: str = "",
) -> Cohort:
    """A cohort with one session for each guide, on `days` at `at` (local time). Whoever sets it up is in its team.

    The same `effect_key` again returns the cohort that was made the first time. Days may lie in the past.
    """

    def make() -> str:
        guides = list(programme.guides.with_plan())
        if len(guides) != len(days):
            raise Refused(_("The programme has changed in the meantime. Check the dates again."))
        if places > programme.group_size_max:
            raise Refused(
                _("%(programme)s takes up to %(most)d people.")
                % {"programme": programme, "most": programme.group_size_max}
            )
        cohort = Cohort.objects.create(
            programme=programme, name=name, area=area, venue=venue, online_link=online_link, places=places
        )
        if made_on:
            cohort.made_on = made_on
            cohort.save(update_fields=["made_on"])
        TeamMember.objects.bulk_create(
            TeamMember(cohort=cohort, user=user, job=JOBS[Role(user.role)]) for user in dict.fromkeys([by, *team])
        )
        add_sessions(cohort, guides, days, at)
        audit.record(by, audit.Verb.CREATED, cohort, cohort=cohort, fields=["sessions", "team"])
        return cohort.code

    code = once(effect_key, make, by=by, of=SET_UP) if effect_key else make()
    return Cohort.objects.get(code=code)


def made_with(effect_key: str, *, by: User) -> Cohort | None:
    """The cohort that this key's press made, if it did and `by` may see it."""
    made = Effect.objects.filter(key=key_of(effect_key, by=by, of=SET_UP)).values("result")
    return Cohort.objects.visible_to(by).filter(code__in=made).first()


def add_sessions(cohort: Cohort, guides: Sequence[Guide], days: Sequence[date], at: time) -> None:
    """A session for each guide, with copies of its aims, materials, handouts, items and what the items use."""
    sessions = Session.objects.bulk_create(
        Session(
            cohort=cohort,
            guide=guide,
            number=guide.number,
            title=guide.title,
            starts_at=local_start(day, at),
            minutes=cohort.programme.session_minutes,
            aims=guide.aims,
            materials=guide.materials,
        )
        for guide, day in zip(guides, days, strict=True)
    )
    pairs = list(zip(sessions, guides, strict=True))
    SessionHandout.objects.bulk_create(
        SessionHandout(session=session, resource=handout.resource, position=handout.position)
        for session, guide in pairs
        for handout in guide.handouts_in_order.all()
    )
    sources = [(session, source) for session, guide in pairs for source in guide.items.all()]
    items = SessionItem.objects.bulk_create(
        SessionItem(
            session=session,
            source=source,
            position=source.position,
            title=source.title,
            kind=source.kind,
            minutes=source.minutes,
            counted=source.counted,
            lead=source.lead,
            prompts=source.prompts,
            speakers=source.speakers,
        )
        for session, source in sources
    )
    speakers_for(items)
    SessionItemResource.objects.bulk_create(
        SessionItemResource(item=item, resource=use.resource, position=use.position)
        for item, (_session, source) in zip(items, sources, strict=True)
        for use in source.uses_in_order.all()
    )
