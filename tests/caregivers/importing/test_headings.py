"""What a heading means, whose it is, and in which row the headings stand."""

from __future__ import annotations

import pytest

from caregivers.importing.children import Whose, whose
from caregivers.importing.columns import meaning, plain
from caregivers.importing.sheets import sheet_of

WELL_KNOWN = {
    "name": ["Name", "FullName", "fullname", "Full Name*", "Parent/Carer", "ParentName", "Name of parent", "NAME(S)"],
    "first_name": ["First Name(s)", "FirstName", "firstname", "Forename(s)", "Parent’s first name", "First name 1"],
    "surname": ["Surname", "LastName", "Family name", "CarerSurname"],
    "phone": [
        "MobileNumber",
        "mobilenumber",
        "Contact No.",
        "ContactNo",
        "Tel. (daytime)",
        "Phone 1",
        "Phone1",
        "Mob.",
    ],
    "email": ["E-mail", "EMail", "eMail Address", "EmailAddress", "Carer’s email", "E-Mail (personal)"],
    "received_on": ["Referral Date (dd/mm/yyyy)", "ReferralDate", "Date of referral [day first]", "DateReferred"],
    "source": ["ReferredBy", "Source", "Referral source:"],
    "childcare": ["Child care", "ChildCare", "Childcare needed?"],
}


@pytest.mark.parametrize(("field", "heading"), [(field, one) for field, all_ in WELL_KNOWN.items() for one in all_])
def test_a_heading_is_known_however_it_is_written(field, heading):
    assert meaning(heading) == field
    assert whose(plain(heading)) is Whose.CAREGIVERS


CHILDS = [
    *(
        "Child",
        "Child’s name",
        "ChildName",
        "childname",
        "CHILD_DOB",
        "Child1",
        "Child2Name",
        "Name (child)",
        "CYP DOB",
    ),
    *("YP", "YPName", "YP’s name", "YPs", "CYPDoB", "C/YP", "Young person", "youngperson", "Young People’s names"),
    *("Teenager", "Grandson", "GrandDaughter", "Stepson", "Dependant", "Dependents", "Juvenile", "Infant", "Baby"),
    *("UPN", "Pupil", "PupilName", "Sibling", "Son/daughter", "Name of son", "Kids", "Boys", "Niece", "Students"),
    *("School", "Year group", "Number of children", "DOB of child", "dobofchild"),
]
EITHERS = [
    *("DOB", "D.O.B.", "Date of birth", "DateOfBirth", "Age", "Birthday", "Youth name", "YouthName", "Client", "Minor"),
    *(
        "Child’s mother",
        "Parent of child",
        "Mother/child",
        "Parent’s son",
        "Brother",
        "Young carer’s carer",
        "Childhood",
    ),
    *("Childern’s name", "Class", "Year"),
]
NOT_CHILDS = [
    *(
        "Name",
        "Season",
        "Person",
        "Reason",
        "Childcare",
        "Childminder",
        "Parent DOB",
        "Carer’s date of birth",
        "Kidney",
    ),
    *("Notes", "Message", "Language", "Safe times", "Personal", "Mother’s age"),
]


@pytest.mark.parametrize("heading", CHILDS)
def test_what_is_a_childs_is_known(heading):
    assert whose(plain(heading)) is Whose.CHILDS


@pytest.mark.parametrize("heading", EITHERS)
def test_what_may_be_a_childs_is_in_doubt(heading):
    assert whose(plain(heading)) is Whose.EITHERS


@pytest.mark.parametrize("heading", NOT_CHILDS)
def test_what_is_no_childs_is_not_in_doubt(heading):
    assert whose(plain(heading)) is Whose.CAREGIVERS


def sheet(*rows, name=""):
    return sheet_of(name, [(number, list(cells)) for number, cells in enumerate(rows, start=1) if any(cells)])


ROSA = ["Rosa Marsh", "07700 900001", "rosa@example.org", "2/3/2026"]
HEADS = ["Name", "Mobile", "E-mail", "Date referred"]


def test_a_title_above_the_headings_is_passed_over():
    listed = sheet(["Referrals, November 2026", "", "", ""], [""], HEADS, ROSA)
    assert (listed.heading, listed.headings, [number for number, _cells in listed.rows]) == (3, HEADS, [4])


def test_of_two_rows_of_headings_the_one_that_knows_more_is_taken():
    listed = sheet(
        ["Person", "", "Contact", ""], ["First name", "Surname", "Mobile", "E-mail"], ["Rosa", "Marsh", "1", "2"]
    )
    assert listed.heading == 2
    assert listed.guess() == {"first_name": 0, "surname": 1, "phone": 2, "email": 3}


def test_a_heading_that_spans_two_rows_is_read_from_the_upper_one():
    listed = sheet(["Name", "Contact", "", "Referral date"], ["", "Mobile", "E-mail", ""], ROSA)
    assert listed.heading == 2
    assert listed.guess() == {"name": 0, "phone": 1, "email": 2, "received_on": 3}


def test_people_are_not_taken_for_headings():
    listed = sheet(["Naam", "Telefoon", "Contact by"], ["Rosa", "07700 900001", "Email"], ["Omar", "", "Mobile"])
    assert listed.heading == 1


def test_where_no_heading_is_known_the_first_row_that_is_no_title_is_taken():
    assert sheet(["A list", ""], ["Naam", "Telefoon"], ["Rosa", "1"]).heading == 2
    assert sheet(["Naam"], ["Rosa"]).heading == 1


def test_staff_choose_another_row_or_none():
    listed = sheet(["Naam", "Mobile"], ["Name", "Phone"], ["Rosa", "1"])
    assert listed.with_headings_in(2).headings == ["Name", "Phone"]
    assert listed.with_headings_in(0).headings == ["", ""]
    assert len(listed.with_headings_in(0).rows) == 3
    assert listed.with_headings_in(99) == listed


# --- Children, in any of the first rows ------------------------------------------------------------------


def said_of(listed):
    return listed.children, listed.doubtful, bool(listed.title)


def test_a_child_in_the_row_above_the_headings_keeps_its_column_out():
    listed = sheet(
        ["Parent", "", "Child", ""], ["Name", "Mobile", "Name", "Born"], ["Rosa", "1", "Little Secret", "2011"]
    )
    assert listed.children == [2] and listed.doubtful == [3], "what the child's heading spans is in doubt, at least"
    assert listed.guess() == {"name": 0, "phone": 1}
    assert "Little Secret" not in str(listed.lines)


def test_a_parents_birthday_is_not_in_doubt():
    listed = sheet(["Parent", "", "Referral", ""], ["Name", "DOB", "Date", "By"], ["Rosa", "1981", "2/3/2026", "Hub"])
    assert listed.doubtful == []


def test_a_child_in_the_row_below_the_headings_keeps_its_column_out():
    listed = sheet(["Name", "Mobile", "Other"], ["", "", "Child’s name"], ["Rosa", "1", "Little Secret"])
    assert listed.doubtful == [2]


@pytest.mark.parametrize("title", ["Children at risk, 2026", "YP list"])
def test_a_title_about_children_puts_the_whole_list_in_doubt(title):
    listed = sheet([title, ""], ["Name", "Mobile"], ["Little Secret", "1"])
    assert listed.title == title and listed.left_out == [0, 1]
    assert "Little Secret" not in str(listed.choices())


def test_so_does_the_name_of_the_sheet():
    assert sheet(["Name", "Mobile"], ["Rosa", "1"], name="Children").title == "Children"


def test_a_title_about_parents_of_children_does_not():
    assert not sheet(["Parents of children at risk", ""], ["Name", "Mobile"], ["Rosa", "1"]).title


def test_a_name_beside_a_parents_name_may_be_the_childs():
    listed = sheet(["Name", "DOB", "Parent/Carer", "Phone", "Parent mobile"], ["Little Secret", "x", "Rosa", "1", "2"])
    assert listed.doubtful == [0, 1, 3]
    assert listed.guess() == {"name": 2, "phone": 4}


def test_people_with_such_names_and_teams_do_not_make_a_column_a_childs():
    listed = sheet(
        ["Name", "Mobile", "Referred by", "Notes"],
        ["Julie Child", "1", "School", "Her son is 15"],
        ["Anna Kidd", "2", "Children’s services", "Child’s school rang"],
    )
    assert said_of(listed) == ([], [], False)


def test_another_row_of_headings_brings_nothing_back_and_drops_nothing():
    listed = sheet(
        ["Name", "Child’s name", "Mobile"], ["Julie Child", "Little Secret", "1"], ["Rosa", "Other Secret", "2"]
    )
    again = listed.with_headings_in(2)
    assert again.children == [1] and again.doubtful == [0]
    assert "Secret" not in str(again.lines) and again.rows == [(3, ["Rosa", "", "2"])]
    assert again.with_headings_in(1).lines == listed.lines


def test_of_what_may_be_a_childs_no_other_row_is_shown():
    listed = sheet(["Name", "Youth", "Mobile"], ["Rosa", "Little Secret", "1"], ["Omar", "Other Secret", "2"])
    for again in (listed, listed.with_headings_in(2), listed.with_headings_in(3), listed.with_headings_in(0)):
        assert again.headings[1] == again.labels[1] == "Youth"
        assert "Secret" not in str([again.choices(), again.shown])


def test_a_child_in_a_list_above_the_one_that_is_taken_keeps_its_column_out():
    listed = sheet(
        ["Who", "Child’s name"], ["Rosa", "Little Secret"], [""], ["Name", "Note", "Mobile", "E-mail"], ["A", "b"]
    )
    assert listed.heading == 4 and listed.doubtful == [1]
    assert "Secret" not in str(listed.choices())


def test_what_stands_above_a_heading_is_said_with_it():
    listed = sheet(["Parent", "", "Child", ""], ["Name", "Mobile", "Name", ""], ["Rosa", "1", "x", ""])
    assert listed.labels == ["Parent: Name", "Mobile", "Child: Name", ""]


# --- Said in other ways ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading", ["Parent of", "Mother of:", "Guardian to", "Cares for", "ｃｈｉｌｄ", "Chi\u00adld", "KS3", "U18"]
)
def test_whom_a_parent_cares_for_is_a_childs(heading):
    assert whose(plain(heading)) is Whose.CHILDS


@pytest.mark.parametrize("heading", ["B’day", "Victim", "Person at risk", "Missing person", "NHS no.", "Looked after"])
def test_who_the_worry_is_about_is_in_doubt(heading):
    assert whose(plain(heading)) is Whose.EITHERS


def test_whom_somebody_is_the_parent_of_is_nobodys_name():
    listed = sheet(["Name", "Mobile", "Parent of"], ["Rosa", "1", "Little Secret"])
    assert listed.children == [2]
    assert listed.guess() == {"name": 0, "phone": 1}


def test_a_name_beside_a_school_may_be_the_pupils():
    listed = sheet(["Name", "School", "Mobile"], ["Little Secret", "Hill Road", "1"])
    assert said_of(listed) == ([1], [0], False)
    beside = sheet(["Child’s name", "School", "Name", "Mobile"], ["Little Secret", "Hill Road", "Rosa", "1"])
    assert said_of(beside) == ([0, 1], [], False)


def test_a_second_row_of_headings_below_the_first_says_whose_the_columns_are():
    listed = sheet(["Name", "Name", "Mobile"], ["(child)", "(parent)", ""], ["Little Secret", "Rosa", "1"])
    assert said_of(listed) == ([], [0], False)
    julie = sheet(["First name", "Surname", "Mobile"], ["Julie", "Child", "1"])
    assert said_of(julie) == ([], [], False)
