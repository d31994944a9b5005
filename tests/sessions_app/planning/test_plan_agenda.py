"""A session's agenda is adapted: several changes in one save, each kept with its reason."""

from __future__ import annotations

from datetime import date, time
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from ppg.versions import ChangedMeanwhile
from programmes.models import AgendaItem
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.models import Adaptation, SessionItem, SessionStep
from sessions_app.planning import actions as planning
from sessions_app.planning.changes import ItemPlan, seen, sentences
from sessions_app.session.timeline import at_times
from sessions_app.setting_up.actions import set_up
from tests.factories import SessionFactory, SessionItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    """Set up (not counted), Welcome 10, Film 20, Break 10, Talk 45, Clear up (not counted): 85 of 90 minutes."""
    made = SessionFactory(cohort=cohort, number=2, title="Signs")
    rows = [
        ("Set up", 30, "setup", False, []),
        ("Welcome", 10, "welcome", True, ["Who are we?"]),
        ("Film", 20, "film", True, [{"Watch": ["First half", "Second half"]}]),
        ("Break", 10, "break", True, []),
        ("Talk", 45, "discussion", True, []),
        ("Clear up", 15, "clear_up", False, []),
    ]
    for position, (title, minutes, kind, counted, prompts) in enumerate(rows, start=1):
        SessionItemFactory(
            session=made,
            position=position,
            title=title,
            minutes=minutes,
            kind=kind,
            counted=counted,
            prompts=prompts,
            speakers=[],
        )
    return made


def plan_of(session) -> dict[str, ItemPlan]:
    return {
        item.title: ItemPlan(code=item.code, **{name: getattr(item, name) for name in ItemPlan.FIELDS})
        for item in session.items.all()
    }


def changed(line: ItemPlan, **fields) -> ItemPlan:
    return ItemPlan(**{**vars(line), **fields})


def adapt(session, plan, **more):
    opened_at = seen(session.items.all())
    person = session.cohort.team.first().user
    planning.adapt(session=session, plan=plan, **{"opened_at": opened_at, "why": "Too long", "by": person} | more)


def agenda(session) -> list[tuple[int, str, int]]:
    return list(session.items.values_list("position", "title", "minutes"))


# --- The action ------------------------------------------------------------------------------------


def test_several_changes_in_one_save_are_kept_one_by_one(session, facilitator):
    plan = plan_of(session)
    plan["Welcome"] = changed(plan["Welcome"], minutes=15, prompts=["Who are you?"])
    plan["Film"] = changed(plan["Film"], left_out=True)
    plan["Talk"] = changed(plan["Talk"], title="Long talk", minutes=60)
    adapt(session, list(plan.values()), by=facilitator, by_group=True)
    kept = {one.item.title: one for one in Adaptation.objects.all()}
    assert set(kept) == {"Welcome", "Film", "Long talk"}
    assert all((one.kind, one.why, one.by_group) == ("agenda", "Too long", True) for one in kept.values())
    assert kept["Welcome"].before == {"minutes": 10, "prompts": ["Who are we?"]}
    assert kept["Welcome"].after == {"minutes": 15, "prompts": ["Who are you?"]}
    assert (kept["Film"].before, kept["Film"].after) == ({"left_out": False}, {"left_out": True})
    assert sentences(kept["Welcome"]) == ["Welcome: 10 minutes before, now 15", "Welcome: prompts changed"]
    assert sentences(kept["Film"]) == ["Film: left out"]
    assert sentences(kept["Long talk"]) == [
        "Long talk: called “Talk” before",
        "Long talk: 45 minutes before, now 60",
    ]
    entry = AuditEntry.objects.get()
    assert (entry.ref, entry.user) == (session.code, facilitator)
    assert entry.fields == ["left_out", "minutes", "prompts", "title"]


def test_what_is_left_out_takes_no_time_and_keeps_its_place(session):
    plan = plan_of(session)
    adapt(session, [*list(plan.values())[:2], changed(plan["Film"], left_out=True), *list(plan.values())[3:]])
    assert (session.counted_minutes(), session.unplanned_minutes()) == (65, 25)
    assert [title for title, _minutes, _kind in session.bar()] == ["Welcome", "Break", "Talk"]
    slots = at_times(session.starts_at, session.minutes, session.items.all())
    start = session.starts_at
    told_slots = [(slot.item and slot.item.title, (slot.start - start).seconds // 60) for slot in slots[1:]]
    assert told_slots == [("Welcome", 0), ("Film", 10), ("Break", 10), ("Talk", 20), (None, 65), ("Clear up", 90)]
    assert slots[2].start == slots[2].end
    plan = plan_of(session)
    adapt(session, [changed(line, left_out=False) for line in plan.values()])
    assert session.counted_minutes() == 85
    assert [sentences(one)[0] for one in Adaptation.objects.all()] == ["Film: left out", "Film: put back"]


def test_only_what_was_moved_is_kept_as_moved(session):
    plan = plan_of(session)
    order = ["Set up", "Welcome", "Break", "Talk", "Film", "Clear up"]
    adapt(session, [plan[title] for title in order])
    assert [title for _position, title, _minutes in agenda(session)] == order
    assert [position for position, _title, _minutes in agenda(session)] == [1, 2, 3, 4, 5, 6]
    kept = Adaptation.objects.get()
    assert (kept.before, kept.after, kept.item.title) == ({"position": 3}, {"position": 5}, "Film")
    assert sentences(kept) == ["Film: moved from place 3 to 5"]


def test_a_new_part_joins_where_it_is_put(session):
    plan = list(plan_of(session).values())
    new = ItemPlan(title="A visit", minutes=5, kind="speaker", lead="guest", prompts=["Ask about the school"])
    adapt(session, [*plan[:4], new, *plan[4:]])
    assert agenda(session)[4:] == [(5, "A visit", 5), (6, "Talk", 45), (7, "Clear up", 15)]
    made = session.items.get(title="A visit")
    assert (made.kind, made.lead, made.counted, made.source) == ("speaker", "guest", True, None)
    kept = Adaptation.objects.get()
    assert (kept.item, kept.before) == (made, {}) and kept.after["minutes"] == 5 and kept.after["position"] == 5
    assert sentences(kept) == ["A visit: added, 5 minutes"]


def test_sent_twice_it_is_saved_once(session):
    plan, opened_at = list(plan_of(session).values()), seen(session.items.all())
    new = ItemPlan(title="A visit", minutes=5)
    for _ in range(2):
        adapt(session, [*plan, new], opened_at=opened_at, effect_key="a-key-of-one-press")
    assert session.items.count() == 7 and Adaptation.objects.count() == 1


def test_whoever_saves_second_looks_again(session):
    plan, opened_at = plan_of(session), seen(session.items.all())
    adapt(session, [changed(line, minutes=12) if line.title == "Film" else line for line in plan.values()])
    with pytest.raises(ChangedMeanwhile):
        adapt(session, list(plan.values()), opened_at=opened_at)
    assert session.items.get(title="Film").minutes == 12


def test_every_part_is_there_once(session):
    plan = list(plan_of(session).values())
    for wrong in (plan[:-1], [*plan[:-1], ItemPlan(title="x", minutes=1, code="of-another-session-000")]):
        with pytest.raises(ChangedMeanwhile):
            adapt(session, wrong)
    with pytest.raises(Refused, match="Nothing was changed"):
        adapt(session, plan)
    assert not Adaptation.objects.exists()


def test_the_agenda_of_a_session_that_has_begun_is_not_planned(session, facilitator):
    plan = [changed(line, minutes=1) for line in plan_of(session).values()]
    SessionStep.objects.create(session=session, kind="start", key="s" * 20, at=timezone.now(), by=facilitator)
    with pytest.raises(Refused, match="has begun"):
        adapt(session, plan)
    session.closed_at = timezone.now()
    session.save()
    with pytest.raises(Refused, match="is over"):
        adapt(session, plan)


def test_the_guide_and_the_other_groups_stay_as_they_are(lead):
    facts = {"area": "Ipswich", "days": weekly(date(2026, 10, 6), 6), "at": time(18), "places": 8, "by": lead}
    programme = load_shipped()[0]
    one, other = (set_up(programme=programme, name=name, **facts) for name in ("A", "B"))
    guide = list(AgendaItem.objects.order_by("id").values())
    others = list(SessionItem.objects.filter(session__cohort=other).order_by("id").values())
    adapt(one.sessions.get(number=1), [changed(p, minutes=1) for p in plan_of(one.sessions.get(number=1)).values()])
    assert list(AgendaItem.objects.order_by("id").values()) == guide
    assert list(SessionItem.objects.filter(session__cohort=other).order_by("id").values()) == others


# --- The page --------------------------------------------------------------------------------------


def url(session):
    return reverse("sessions:agenda", args=[session.code])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def form_of(session, press="save", **typed) -> dict:
    """What the page sends: every part in order, and what was typed over it as `Title__field=…`."""
    data = {"press": press, "seen": seen(session.items.all()), "order": [], "why": "Too long", "effect_key": ""}
    for item in session.items.all():
        data["order"].append(item.code)
        lines = []
        for line, under in item.prompt_lines():
            lines += [line, *(f"- {one}" for one in under)]
        fields = {"title": item.title, "minutes": str(item.minutes), "prompts": "\r\n".join(lines)}
        fields |= {name.partition("__")[2]: value for name, value in typed.items() if name.startswith(item.title)}
        data |= {f"{item.code}-{name}": value for name, value in fields.items()}
    return data | {name: value for name, value in typed.items() if "__" not in name}


def order_of(answer) -> list[str]:
    return [form.item.title if form.item else form.key for form in answer.context["edit"].rows]


def test_saved_by_the_page(browser_of, facilitator, session):
    client = browser_of(facilitator)
    page = text(client.get(url(session)))
    assert "85 of 90 minutes, 5 unplanned" in page and "- Second half" in page
    typed = form_of(session, Film__left_out="on", Talk__minutes="50", Talk__prompts="One\r\n- Two")
    page = text(client.post(url(session), typed, follow=True))
    assert "The agenda is saved" in page and "70 of 90 minutes, 20 unplanned" in page and "Left out" in page
    assert "Talk: 45 minutes before, now 50" in page
    assert session.items.get(title="Talk").prompts == [{"One": ["Two"]}]
    assert session.items.get(title="Film").prompts == [{"Watch": ["First half", "Second half"]}]
    assert Adaptation.objects.count() == 2
    page = text(client.get(session.get_absolute_url()))
    assert "<s>Film</s>" in page and "First half" not in page
    assert "Film" not in text(client.get(reverse("sessions:print", args=[session.code])))


def test_moving_up_and_down_keeps_everything_typed_and_saves_nothing(browser_of, facilitator, session):
    client, talk = browser_of(facilitator), session.items.get(title="Talk")
    before = agenda(session)
    typed = form_of(session, f"up:{talk.code}", Film__minutes="7", Welcome__left_out="on", Talk__title="Long talk")
    answer = client.post(url(session), typed | {"why": "Half a rea", "by_group": "on"})
    assert answer.status_code == 200
    assert order_of(answer) == ["Set up", "Welcome", "Film", "Talk", "Break", "Clear up"]
    page = text(answer)
    assert 'value="7"' in page and 'value="Long talk"' in page and "Half a rea" in page
    assert "62 of 90 minutes" in page  # Film 7, Break 10, Talk 45; Welcome is left out
    assert "Error" not in page and agenda(session) == before
    answer = client.post(url(session), form_of(session, f"down:{talk.code}"))
    assert order_of(answer)[-2:] == ["Clear up", "Talk"]
    ends = client.post(url(session), form_of(session, f"up:{session.items.first().code}"))
    assert order_of(ends)[0] == "Set up"
    assert not Adaptation.objects.exists()


def test_the_order_of_the_page_is_saved(browser_of, facilitator, session):
    typed = form_of(session)
    typed["order"] = [typed["order"][n] for n in (0, 1, 3, 2, 4, 5)]
    assert browser_of(facilitator).post(url(session), typed).status_code == 302
    assert [title for _p, title, _m in agenda(session)] == ["Set up", "Welcome", "Break", "Film", "Talk", "Clear up"]


def test_a_part_is_added_moved_dropped_and_saved(browser_of, facilitator, session):
    client = browser_of(facilitator)
    answer = client.post(url(session), form_of(session, "add"))
    assert order_of(answer)[-2:] == ["new1", "Clear up"]  # what comes after the session stays last
    codes = [item.code for item in session.items.all()]
    new = {"new1-title": "Visit <b>", "new1-minutes": "5", "new1-kind": "speaker", "new1-lead": "guest"}
    typed = form_of(session, "up:new1", order=[*codes[:5], "new1", codes[5]], **new)
    answer = client.post(url(session), typed)
    assert order_of(answer) == ["Set up", "Welcome", "Film", "Break", "new1", "Talk", "Clear up"]
    assert "Visit &lt;b&gt;" in text(answer) and "90 of 90 minutes" in text(answer)
    assert "new1" not in order_of(client.post(url(session), typed | {"press": "drop:new1"}))
    typed |= {"press": "save", "order": [*codes[:4], "new1", *codes[4:]]}
    assert client.post(url(session), typed).status_code == 302
    made = session.items.get(position=5)
    assert (made.title, made.minutes, made.kind, made.lead) == ("Visit <b>", 5, "speaker", "guest")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"why": ""}, "Say why, in a few words"),
        ({"Film__minutes": "soon"}, "“Minutes of “Film”” must be a whole number"),
        ({"Film__minutes": "0"}, "“Minutes of “Film”” must be 1 or more"),
        ({"Film__minutes": "301"}, "must be 300 or less"),
        ({"Film__title": ""}, "“Title of “Film”” needs an answer"),
        ({"Film__prompts": "x" * 6001}, "can have up to 6000"),
        ({}, "Nothing was changed"),
    ],
)
def test_what_was_typed_stays_when_it_is_wrong(browser_of, facilitator, session, typed, sentence):
    kept = {"Talk__title": "Something longer"} if typed else {}
    answer = browser_of(facilitator).post(url(session), form_of(session, **kept, **typed))
    assert answer.status_code == 422 and sentence in text(answer)
    assert not kept or 'value="Something longer"' in text(answer)
    assert not Adaptation.objects.exists()


def test_two_people_at_once_the_second_keeps_what_was_typed_and_saves_knowingly(browser_of, facilitator, session):
    client, typed = browser_of(facilitator), form_of(session, Talk__minutes="50")
    SessionItemFactory(session=session, position=7, title="Brought by somebody else", minutes=3)
    answer = client.post(url(session), typed)
    assert answer.status_code == 422 and "Somebody else has changed this agenda" in text(answer)
    assert "Brought by somebody else" in text(answer) and 'value="50"' in text(answer)
    edit = answer.context["edit"]
    again = typed | {"seen": edit.opened_at, "order": [form.key for form in edit.rows]}
    last = session.items.last()
    again |= {f"{last.code}-title": last.title, f"{last.code}-minutes": "3", f"{last.code}-prompts": ""}
    assert client.post(url(session), again).status_code == 302
    assert session.items.get(title="Talk").minutes == 50 and session.items.count() == 7


def test_rubbish_in_the_order_is_passed_over(browser_of, facilitator, session):
    typed = form_of(session, "count")
    typed["order"] = ["x", "new0", "new100", typed["order"][1], typed["order"][1], "<b>"]
    answer = browser_of(facilitator).post(url(session), typed)
    assert order_of(answer) == ["Welcome", "Set up", "Film", "Break", "Talk", "Clear up"]
    assert browser_of(facilitator).post(url(session), {"press": "down:nobody"}).status_code == 200
    assert browser_of(facilitator).post(url(session), {}).status_code == 422


def test_what_has_begun_has_a_sentence_in_place_of_the_form(browser_of, facilitator, session):
    SessionStep.objects.create(session=session, kind="start", key="s" * 20, at=timezone.now(), by=facilitator)
    for page in (url(session), reverse("sessions:plan", args=[session.code])):
        assert "This session has begun" in text(browser_of(facilitator).get(page))
    answer = browser_of(facilitator).post(url(session), form_of(session, Talk__minutes="50"))
    assert answer.status_code == 422 and "This session has begun" in text(answer)
    assert session.items.get(title="Talk").minutes == 45


def test_a_long_agenda_costs_the_same(browser_of, lead, session, same_queries, django_assert_max_num_queries):
    client = browser_of(lead)
    same_queries(client, url(session), lambda: [SessionItemFactory(session=session, position=n) for n in range(9, 30)])
    with django_assert_max_num_queries(8):
        client.get(url(session))


def test_seen_changes_with_each_thing_that_can_be_changed():
    item = {"code": "c", "position": 1, "title": "t", "minutes": 1, "kind": "film", "lead": "guest"}
    item |= {"counted": True, "prompts": [], "left_out": False}
    names = {seen([SimpleNamespace(**item)])}
    for name, value in [("position", 2), ("title", "u"), ("minutes", 2), ("prompts", ["p"]), ("left_out", True)]:
        names.add(seen([SimpleNamespace(**item | {name: value})]))
    assert len(names) == 6
