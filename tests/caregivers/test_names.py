"""What people are called where several of them are shown together."""

import pytest

from caregivers.models import Caregiver
from caregivers.names import called


def names_of(*people):
    made = [Caregiver(pk=number, name=name, liked_name=liked) for number, (name, liked) in enumerate(people)]
    return list(called(made).values())


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ([("Beth Khan", ""), ("Ann Moss", "")], ["Beth", "Ann"]),
        ([("Beth Khan", ""), ("Beth Moss", "")], ["Beth K.", "Beth M."]),
        ([("Elizabeth Khan", "Beth"), ("Beth Moss", "")], ["Beth K.", "Beth M."]),
        ([("Beth Khan", ""), ("beth moss", "")], ["Beth K.", "beth m."]),
        ([("Beth", ""), ("Beth Khan", "")], ["Beth", "Beth K."]),
        ([("Beth Khan", ""), ("Beth King", ""), ("Beth Moss", "")], ["Beth Khan", "Beth King", "Beth M."]),
        ([("Bryony Khan", "Bee"), ("Beatrice Khan", "Bee")], ["Bryony Khan", "Beatrice Khan"]),
        ([("Elizabeth Moss", "Beth K."), ("Beth Khan", ""), ("Beth Low", "")], ["Beth K.", "Beth Khan", "Beth L."]),
    ],
)
def test_two_who_are_called_the_same_are_told_apart(people, shown):
    assert names_of(*people) == shown


def test_the_same_name_twice_stays_what_it_is():
    assert names_of(("Beth Khan", ""), ("Beth Khan", "")) == ["Beth Khan", "Beth Khan"]
