"""The programmes in the database equal the files they come from, item for item."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from programmes.models import Guide, ItemKind, Programme, Resource
from programmes.shipped.actions import load_shipped, load_template
from programmes.shipped.template_files import BadTemplate
from tests.factories import SessionFactory, SessionItemFactory

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
FILES = {
    slug: yaml.safe_load((FIXTURES / f"{slug}.yaml").read_text())
    for slug in ("peer-parent-group", "parent-empowerment-session")
}


@pytest.fixture
def shipped(db):
    return load_shipped()


def guide(number: int, slug: str = "peer-parent-group") -> Guide:
    return Guide.objects.with_plan().get(programme__slug=slug, number=number)


def test_totals_are_those_of_the_guides(shipped):
    guides = Guide.objects.filter(programme__slug="peer-parent-group")
    assert [one.counted_minutes() for one in guides] == [90, 90, 80, 85, 90, 90]
    assert [one.unplanned_minutes() for one in guides] == [0, 0, 10, 5, 0, 0]
    assert guide(1, "parent-empowerment-session").counted_minutes() == 120


def test_minutes_and_kinds_are_as_agreed(shipped):
    """Written out once more, so that a slip in the file is noticed too."""
    agendas = {
        planned.number: [(item.kind, item.minutes if item.counted else -item.minutes) for item in planned.items.all()]
        for planned in Guide.objects.filter(programme__slug="peer-parent-group")
    }
    assert agendas[1] == [
        ("setup", -30), ("welcome", 10), ("outline", 15), ("discussion", 5), ("break", 10), ("activity", 10),
        ("story", 15), ("film", 15), ("closing", 10), ("clear_up", -15),
    ]  # fmt: skip
    assert agendas[2] == [
        ("welcome", 10), ("recap", 10), ("outline", 5), ("film", 25), ("break", 10), ("discussion", 5),
        ("discussion", 20), ("closing", 5), ("clear_up", -15),
    ]  # fmt: skip
    assert agendas[3] == [
        ("welcome", 10), ("recap", 10), ("discussion", 10), ("story", 10), ("break", 10), ("input", 25),
        ("closing", 5), ("clear_up", -15),
    ]  # fmt: skip
    assert agendas[4] == [
        ("welcome", 5), ("recap", 5), ("speaker", 30), ("break", 10), ("speaker", 30), ("closing", 5),
        ("clear_up", -15),
    ]  # fmt: skip
    assert agendas[5] == [
        ("welcome", 5), ("recap", 10), ("activity", 15), ("input", 25), ("break", 10), ("input", 20),
        ("closing", 5), ("clear_up", -15),
    ]  # fmt: skip
    assert agendas[6] == [("welcome", 10), ("recap", 45), ("break", 10), ("closing", 25), ("clear_up", -15)]
    session = guide(1, "parent-empowerment-session")
    assert [item.minutes for item in session.items.all()] == [10, 20, 20, 10, 20, 25, 10, 5]


@pytest.mark.parametrize("slug", FILES)
def test_every_item_equals_the_file(shipped, slug):
    openings = FILES[slug].get("shared_openings", {})
    for facts in FILES[slug]["guides"]:
        stored = guide(facts["number"], slug)
        assert (stored.title, stored.aims, stored.materials) == (facts["title"], facts["aims"], facts["materials"])
        assert [one.resource.slug for one in stored.handouts_in_order.all()] == facts["handouts"]
        assert [
            {
                "title": item.title,
                "kind": item.kind,
                "minutes": item.minutes,
                "counted": item.counted,
                "lead": item.lead,
                "prompts": item.prompts,
                "speakers": item.speakers,
                "uses": [one.resource.slug for one in item.uses_in_order.all()],
            }
            for item in stored.items.all()
        ] == [
            {
                "title": item["title"],
                "kind": item["kind"],
                "minutes": item["minutes"],
                "counted": item.get("counted", True),
                "lead": item.get("lead", "facilitator"),
                "prompts": openings["welcome"]
                if item.get("prompts") == "shared_openings.welcome"
                else item.get("prompts", []),
                "speakers": item.get("speakers", []),
                "uses": item.get("uses", []),
            }
            for item in facts["items"]
        ]


def test_every_resource_equals_the_file(shipped):
    stored = {
        resource.slug: {
            "title": resource.title,
            "publisher": resource.publisher,
            "kind": resource.kind,
            "url": resource.url,
            "starts_at": resource.starts_at,
            "everyone": resource.print_for_everyone,
        }
        for resource in Resource.objects.all()
    }
    assert stored == {
        slug: {
            "title": facts["title"],
            "publisher": facts.get("publisher", ""),
            "kind": facts["kind"],
            "url": facts.get("url", ""),
            "starts_at": facts.get("starts_at", ""),
            "everyone": facts.get("print_for") == "everyone",
        }
        for slug, facts in FILES["peer-parent-group"]["resources"].items()
    }


def test_the_programmes_themselves(shipped):
    group, session = shipped
    assert (group.session_minutes, group.group_size_max, group.time_after_minutes) == (90, 8, 15)
    assert group.online_possible and group.guides.count() == 6
    assert (session.session_minutes, session.group_size_max, session.guides.count()) == (120, 18, 1)


def test_the_shared_opening_is_put_in_and_the_film_keeps_its_start(shipped):
    assert "Ask how everyone has been" in guide(6).items.first().prompts
    film = guide(1).items.get(kind=ItemKind.FILM).uses_in_order.get().resource
    assert (film.starts_at, film.link_needed) == ("2:20", True)


def test_prompts_have_two_levels(shipped):
    lines = dict(guide(2).items.get(kind=ItemKind.RECAP).prompt_lines())
    assert lines["Questions or comments?"] == []
    assert len(lines["Why children are vulnerable"]) == 6


def test_loading_again_changes_nothing_that_a_lead_changed(shipped):
    Programme.objects.update(title="Our own title")
    guide(1).items.filter(kind=ItemKind.BREAK).update(minutes=20)
    Resource.objects.filter(slug="jordan").update(url="https://films.example/jordan")
    call_command("load_programmes", verbosity=0)
    assert set(Programme.objects.values_list("title", flat=True)) == {"Our own title"}
    assert guide(1).items.get(kind=ItemKind.BREAK).minutes == 20
    assert Guide.objects.count() == 7


def test_loading_again_when_asked_puts_the_programme_back_and_keeps_addresses_and_sessions(shipped, capsys):
    source = guide(1).items.get(kind=ItemKind.BREAK)
    copy = SessionItemFactory(session=SessionFactory(), source=source, minutes=10)
    guide(1).items.filter(pk=source.pk).update(minutes=20)
    guide(1).items.create(position=99, title="Extra", kind="input", minutes=5)
    Resource.objects.filter(slug="jordan").update(url="https://films.example/jordan", title="Jordan")
    call_command("load_programmes", "--again")
    assert [item.minutes for item in guide(1).items.all()] == [30, 10, 15, 5, 10, 10, 15, 15, 10, 15]
    copy.refresh_from_db()
    assert copy.source == source
    jordan = Resource.objects.get(slug="jordan")
    assert (jordan.url, jordan.title) == (
        "https://films.example/jordan",
        "'Jordan' - A County Lines Story - By PC 1942",
    )
    assert "Peer Parent Group: 6 sessions" in capsys.readouterr().out


ITEM = {"title": "A", "kind": "input", "minutes": 5}
GUIDE = {"number": 1, "title": "One", "aims": [], "materials": [], "items": [ITEM]}
PROGRAMME = {"slug": "p", "title": "P", "purpose": "", "sessions": 1, "session_minutes": 60, "group_size_max": 8}


def file_with(folder: Path, guides: list) -> Path:
    path = folder / "p.yaml"
    path.write_text(yaml.safe_dump({"programme": PROGRAMME, "resources": {}, "guides": guides}))
    return path


def test_the_least_that_makes_sense_is_loaded(tmp_path):
    assert load_template(file_with(tmp_path, [GUIDE])).guides.get().items.get().minutes == 5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"uses": ["nothing"]}, "no resource “nothing”"),
        ({"prompts": "shared_openings.nothing"}, "no shared opening"),
        ({"prompts": "just a text"}, "no shared opening"),
        ({"kind": "dance"}, "dance"),
        ({"lead": "nobody"}, "nobody"),
        ({"minutes": -5}, "minutes"),
    ],
)
def test_a_file_that_makes_no_sense_says_where_and_leaves_nothing(tmp_path, change, says):
    with pytest.raises(Exception, match=says):
        load_template(file_with(tmp_path, [{**GUIDE, "items": [ITEM | change]}]))
    assert not Programme.objects.exists()


def test_a_file_with_fewer_guides_than_it_says_is_refused(tmp_path):
    with pytest.raises(BadTemplate, match="says 1 sessions and has 0 guides"):
        load_template(file_with(tmp_path, []))
