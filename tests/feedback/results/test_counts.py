from feedback.kinds import KINDS
from feedback.results.counts import Asked, Comment, OptionCount, Sheet, results

TODAY = Asked("today", "How was today?", KINDS["scale"], ("Bad", "OK", "Good"))
TIME = Asked("time", "Enough time?", KINDS["choice"], ("Too short", "Right"))
GOAL = Asked("goal", "How far?", KINDS["number"], ("Not at all", "Fully"))
WORDS = Asked("different", "What else?", KINDS["text"])


def test_counts_rest_on_those_who_answered_the_question():
    found = results([TODAY], [Sheet({"today": 2}), Sheet({"today": 2}), Sheet({"today": 0}), Sheet({})], [])
    assert found.n == 4
    (today,) = found.questions
    assert (today.n, today.median) == (3, 2.0)
    assert today.options == (OptionCount("Bad", 1), OptionCount("OK", 0), OptionCount("Good", 2))


def test_a_choice_has_no_median_and_a_number_has_eleven_counts():
    time, goal = results([TIME, GOAL], [Sheet({"time": 1, "goal": 10}), Sheet({"goal": 7})], []).questions
    assert time.median is None
    assert (goal.n, goal.median, len(goal.options), goal.options[10].count) == (2, 8.5, 11, 1)


def test_comments_stand_by_their_random_keys_whatever_order_they_come_in():
    comments = [Comment("b", "different", "second"), Comment("a", "different", "first"), Comment("c", "other", "x")]
    for rows in (comments, comments[::-1]):
        (words,) = results([WORDS], [Sheet({})], rows).questions
        assert words.comments == ("first", "second")


def test_nobody_answered():
    (today,) = results([TODAY], [], []).questions
    assert (today.n, today.median) == (0, None)


def test_a_question_that_too_few_answered_is_held_back_and_not_even_counted():
    asked = [TODAY, TIME, WORDS]
    sheets = [Sheet({"today": 2, "time": 1}), Sheet({"today": 2}), Sheet({"today": 0})]
    today, time, words = results(asked, sheets, [Comment("a", "different", "One")], least=2).questions
    assert (today.n, today.held) == (3, False)
    assert (time.n, time.held, time.options, time.median) == (0, True, (), None)
    assert (words.comments, words.held) == (("One",), False), "words stand by themselves"
    (nobody,) = results([TIME], [Sheet({})] * 3, [], least=2).questions
    assert nobody == time, "none or one: the same"
