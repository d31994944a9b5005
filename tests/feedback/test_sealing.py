import base64

import pytest

from feedback import sealing
from feedback.models import Form, SealedAnswer
from ppg.encryption.crypto import Unreadable
from tests.feedback.factories import opened_form

pytestmark = pytest.mark.django_db
SHORT = {"way": "online", "answers": {"today": 4}}
LONG = {"way": "online", "answers": {"today": 0, "different": "ß💬\n" * 900}}


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def put(form, *payloads):
    for payload in payloads:
        sealing.seal(form, payload).save()


def test_what_was_sealed_comes_out_again(form):
    put(form, SHORT, LONG)
    assert sorted(map(str, sealing.open_box([form]))) == sorted(map(str, [SHORT, LONG]))


def test_all_envelopes_are_equally_long_and_none_repeats(form):
    envelopes = [sealing.seal(form, payload).envelope for payload in (SHORT, LONG, SHORT)]
    assert len({len(envelope) for envelope in envelopes}) == 1
    assert len(set(envelopes)) == 3


def test_an_envelope_does_not_say_when_it_was_sealed(form):
    token = base64.urlsafe_b64decode(sealing.seal(form, SHORT).envelope)
    assert token[1:9] == bytes(8)  # where Fernet keeps the second in clear


def test_more_than_an_envelope_holds_is_refused_with_a_sentence(form):
    with pytest.raises(sealing.TooLong, match="write a little less"):
        sealing.seal(form, {"answers": {"different": "x" * sealing.CONTENT_BYTES}})


def test_boxes_open_as_one_in_an_order_nobody_knows(form, other_cohort):
    other = opened_form(other_cohort)
    for number in range(20):
        put(form, {"answers": {"today": number}})
        put(other, {"answers": {"today": 20 + number}})
    out = [payload["answers"]["today"] for payload in sealing.open_box([form, other])]
    assert sorted(out) == list(range(40))
    assert out != list(range(40)) and {number < 20 for number in out[:20]} == {True, False}


def test_an_envelope_that_was_touched_or_moved_is_not_opened(form, other_cohort):
    put(opened_form(other_cohort), SHORT)
    SealedAnswer.objects.update(form=form)
    with pytest.raises(Unreadable):
        sealing.open_box([form])
