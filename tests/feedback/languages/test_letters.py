"""A language is offered only if its letters can be printed."""

import pytest

from feedback.languages.texts import ALL
from ppg.documents import faces
from ppg.documents.in_words import all_in_words
from tests.letters import LETTERS


def test_the_letters_of_each_language_are_known():
    assert set(LETTERS) == set(ALL), "A new language: its letters go into tests/letters.py."


@pytest.mark.parametrize("language", ALL.values(), ids=list(ALL))
def test_each_language_can_be_printed(language):
    missing = {letter for letter in LETTERS[language.code] + language.name_local if not letter.isspace()}
    missing -= {letter for letter in missing if faces.has(letter) or letter in "\u200c\u200d"}
    assert not missing, f"No font of script/assets.py has them: {missing}. Add one, or do not offer the language."
    assert all_in_words(language.name_local) == language.name_local
