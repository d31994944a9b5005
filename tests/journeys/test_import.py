"""A lead brings in a list: faults first, then everybody."""

from __future__ import annotations

from django.urls import reverse

from caregivers.models import Caregiver

FAULTY = (
    "Parent’s name;Mobile;Email;Referred by;Date;Child’s name;Safe ways\n"
    "Rosa Marsh;07700 900001;rosa@example.org;Early help;2/3/2026;X;text and call\n"
    "Omar Reed;ask Jo;;Exploitation hub;3/3/2026;Y;\n"
    "Rosa Marsh;07700 900001;;Community;4/3/2026;Z;voicemail\n"
)


def test_a_list_comes_in(new_page, sign_in_as, lead, cohort, check_axe, no_sideways_scroll):
    page = new_page(width=320)
    sign_in_as(page, lead)

    def looks_right():
        no_sideways_scroll(page)
        check_axe(page)

    def choose(text):
        page.goto(reverse("caregivers:import", args=[cohort.code]))
        looks_right()
        page.get_by_label("The list").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
        )
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("heading", name="What the columns hold", level=1).wait_for()
        looks_right()
        page.get_by_role("button", name="Check the list").click()

    choose(FAULTY)
    page.get_by_role("heading", name="The list cannot be brought in yet", level=1).wait_for()
    looks_right()
    assert page.get_by_text("Row 3, column B (Mobile): “ask Jo” is not a telephone number.").is_visible()
    assert page.get_by_text("Row 4, column A (Parent’s name): the same person as in row 2.").is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download what is wrong").click()
    assert "ask Jo" in download.value.path().read_text("utf-8-sig")

    choose(FAULTY.replace("ask Jo", "01632 960002"))
    page.get_by_role("button", name="Leave out 1 row").click()
    page.get_by_role("heading", name="Check before you bring it in", level=1).wait_for()
    looks_right()
    assert not Caregiver.objects.exists()
    page.get_by_role("button", name="Bring in 2 people").click()
    page.get_by_text("2 people are brought in.").wait_for()
    assert sorted(person.name for person in Caregiver.objects.all()) == ["Omar Reed", "Rosa Marsh"]
