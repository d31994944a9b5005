"""One group of invented.py: parents answer by slips that a parent printed, and somebody who reads the results tries all
that their pages let them do, with two phones, to be left with one parent's answer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from unittest import mock

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from feedback.asking.jobs import close_due_forms
from feedback.models import Form
from ppg import memory_counts
from ppg.access.permissions import P, Role, can
from ppg.links import typed_codes
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session
from tests.factories import CohortFactory, PlaceFactory, SessionFactory, UserFactory
from tests.feedback.factories import url_of
from tests.guards.test_permissions import TABLE, allowed
from tests.markup import on_one_line
from tests.secrecy import invented_moves as moves
from tests.secrecy.attack_trial import Clock, browser_of

AFTER = "q-whole"  # asked after the programme
SCORES = 5  # of the question "today"
OF_TODAY = re.compile(r'<section aria-labelledby="today">(.*?)</section>')
OF_TIME = re.compile(r'<section aria-labelledby="time">(.*?)</section>')
COUNT = re.compile(r'<td class="num">(\d+)</td>')
SLIP = re.compile(r'class="slip__sign">\s*([^<\s]+)\s*<.*?class="slip__address">[^<]*/([^</]+)<')
LIKE_A_CODE = re.compile(rf"\b[{typed_codes.ALPHABET}]{{3}}-?[{typed_codes.ALPHABET}]{{4}}\b")
WORDS = re.compile(r"parent-word-[0-9a-f]{16}")
# How the attacker keeps the others from answering once the first parent has.
HURRIES = ["", "next session moved", "a colleague lies"]
# Pages that change nothing of what a group answered, and take a second each.
SLOW = {"gallery", "audit_export"}


@dataclass(frozen=True)
class Plan:
    """What one attacker does beside all that every one of them tries.

    takes: slips out of the bowl, None: as chance has it. lying: takes those that people leave lying. copied: knows all
    codes from whoever printed them. ally: the second who counts types what the attacker says. link: the lead chose the
    link. paper: of the parents beside the first, those who answer do it on paper, which the attacker types in. others:
    at most so many of them answer. role, hurry: None, as chance has it. looks: every page is opened, not those about
    feedback alone. brief: the first evening alone (by link the second too) with the moves that matter to a guard that
    is taken out. evenings: of fewer than three the form after the programme is left out.
    """

    takes: int | None = None
    lying: bool = False
    copied: bool = False
    ally: bool = False
    link: bool = False
    paper: bool = False
    others: int = 7
    role: str | None = None
    hurry: str | None = None
    evenings: int = 3
    looks: bool = False
    brief: bool = False


@dataclass
class Outcome:
    """What the attacker is left with of the first parent, whose answer they want.

    real: how many parents' answers were opened together, 0: none. left: what pages show less their own, by score; None:
    nothing is shown. guess: the score they say. chance: how often that guess is right by chance.
    """

    truth: int
    real: int = 0
    left: list[int] | None = None
    left_of_time: list[int] | None = None
    guess: int = 0
    chance: float = 1 / SCORES
    pages: int = 0
    leaks: list[str] = field(default_factory=list)
    played: Counter[str] = field(default_factory=Counter)  # moves of invented_moves.py that took effect

    @property
    def alone(self) -> bool:
        """One answer is left, of any question, and it is theirs."""
        of_today = self.left is not None and sum(self.left) == 1 and self.left[self.truth] == 1
        return of_today or (self.left_of_time is not None and sum(self.left_of_time) == 1)


class Group:
    """Three evenings a week apart and the form after the programme. All but the attacker do as they are told."""

    def __init__(self, chance: Random, plan: Plan, least: int) -> None:
        self.chance, self.plan, self.least, self.clock = chance, plan, least, Clock()
        # Scores of the sheets that the attacker made up, form by form; and of those that they typed in, and so know.
        self.made_up: dict[int, Counter[int]] = defaultdict(Counter)
        self.own_of_time: dict[int, Counter[int]] = defaultdict(Counter)
        self.typed: dict[int, Counter[int]] = defaultdict(Counter)
        self.address = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
        self.kept: list[tuple[Form, int]] = []  # what parents really answered, for the truth alone
        self.word = f"parent-word-{chance.randbytes(8).hex()}"
        self.after_sessions, self.signed_in_at = True, None
        self.seen: set[str] = set()  # whatever looks like a code on a page
        self.outcome = Outcome(truth=chance.randrange(SCORES))

    def play(self) -> Outcome:
        with self.clock.ticking(), mock.patch("weasyprint.HTML", WithoutDrawing):
            self.set_up()
            evenings = (2 if self.plan.link else 1) if self.plan.brief else self.plan.evenings
            for number, session in enumerate(self.sessions[:evenings]):
                self.evening(session, first=number == 0)
            if not (self.plan.link or self.plan.brief or evenings < 3):
                self.after_the_programme()
            self.judge()
        return self.outcome

    def set_up(self) -> None:
        role = self.chance.choice([Role.FACILITATOR, Role.LEAD])
        self.hurry = self.chance.choice(HURRIES) if self.plan.hurry is None else self.plan.hurry
        self.reader_user = UserFactory(role=self.plan.role or role)
        self.mate_user, self.parent_user = UserFactory(role=Role.FACILITATOR), UserFactory(role=Role.PARENT)
        self.liar_user = UserFactory(role=Role.FACILITATOR)
        team = [self.reader_user, self.mate_user, self.parent_user, self.liar_user]
        self.cohort: Cohort = CohortFactory(team=team, programme__group_size_max=moves.MORE_PLACES)
        self.places = [PlaceFactory(cohort=self.cohort, seat=seat) for seat in range(1, 9)]
        starts = [self.clock.now + timedelta(days=7 * week, hours=2) for week in range(3)]
        self.sessions = [
            SessionFactory(cohort=self.cohort, number=number, starts_at=at) for number, at in enumerate(starts, start=1)
        ]
        if self.plan.link:
            lead = browser_of(UserFactory(role=Role.LEAD))
            lead_user = User.objects.order_by("pk").last()
            self.cohort.team.create(user=lead_user, job="lead")
            must(lead.post(reverse("feedback:link", args=[self.cohort.code]), {"link": "yes"}), 302)

    def browser(self, user: User) -> Client:
        memory_counts.forget()
        return browser_of(user)

    @property
    def reader(self) -> Client:
        """Signed in for each day: the service signs out who was away."""
        if self.signed_in_at != self.clock.now:
            self.signed_in, self.signed_in_at = self.browser(self.reader_user), self.clock.now
        return self.signed_in

    # --- One evening ----------------------------------------------------------------------------------------

    def evening(self, session: Session, *, first: bool) -> None:
        bowl = self.printed(session)
        self.clock.now = session.starts_at + timedelta(minutes=80)
        must(self.reader.post(reverse("feedback:open", args=[session.code])), 302)
        form = Form.objects.get(session=session)
        if first and not self.plan.brief:
            self.played("opened at once", moves.opened_at_once(self.reader, self.sessions[1:]))
        if first:
            self.look(session, form, everything=self.plan.looks)
        present = self.chance.randint(3, 8)
        self.ticked(session, present)
        # On later evenings nobody need answer: the attacker pools.
        answering = self.chance.choice([0, 0, self.chance.randint(0, present - 1)])
        answering = min(answering, self.plan.others) + first
        self.answered(session, form, bowl, present, min(answering, present), first)
        if first:
            self.look(session, form, everything=self.plan.looks)
        self.tried_to_close(session, form)
        self.clock.now += timedelta(days=2)
        close_due_forms(self.clock.now)
        form.refresh_from_db()
        assert form.closed_at, "The worker closes it the evening after."
        if not self.plan.brief:
            self.moved(session)
            self.rearranged()
        self.counted(form, present)
        self.look(session, form, everything=False)

    def played(self, move: str, took_effect: bool) -> None:
        self.outcome.played[move] += took_effect

    def rearranged(self) -> None:
        """Only a lead may: others are refused."""
        reader = self.reader
        larger = moves.group_made_larger(reader, self.cohort)
        drafted = moves.questions_changed(reader, self.chance.randbytes(4).hex())
        assert self.reader_user.role == Role.LEAD or not (larger or drafted)
        self.played("group made larger", larger)
        self.played("questions changed", drafted)

    def hurried(self, session: Session, form: Form) -> None:
        """The first parent has answered: nobody else shall, if the attacker can help it."""
        if self.hurry == "next session moved":
            self.played(self.hurry, moves.next_session_moved_here(self, session))
        elif self.hurry == "a colleague lies":
            self.played(self.hurry, moves.closed_by_a_liar(self, form))

    def after_the_programme(self) -> None:
        """Everybody is gone home, and the first parent does not answer again."""
        self.after_sessions = False
        opened = self.reader.post(reverse("feedback:after_open", args=[self.cohort.code]))
        must(opened, 302)
        form = Form.objects.get(cohort=self.cohort, session=None)
        bowl = self.printed(None)
        self.answered(None, form, bowl, self.chance.randint(1, 8), 0, first=False)
        self.clock.now += timedelta(weeks=5)
        close_due_forms(self.clock.now)
        self.counted(form, 8)
        self.look(self.sessions[-1], form, everything=self.plan.looks)

    def printed(self, session: Session | None) -> list[str]:
        """The parent prints the slips, cuts them and puts them into the bowl. Nobody who reads answers can."""
        if self.plan.link and session:
            return []
        name, code = ("session", session.code) if session else ("after", self.cohort.code)
        url = reverse(f"feedback:slips_{name}", args=[code])
        assert self.reader.post(url).status_code == 403
        sheet = must(self.browser(self.parent_user).post(url), 200).content.decode()
        slips = [f"{reverse('slips', args=[sheet])}{code}/" for code, sheet in SLIP.findall(on_one_line(sheet))]
        assert len(slips) == 10, "eight and two spare, however many places the group has"
        self.chance.shuffle(slips)
        return slips

    def ticked(self, session: Session, present: int) -> None:
        """The mate ticks who is here; then the attacker ticks everybody else as here too."""
        mate = self.browser(self.mate_user)
        for place in self.places[: 1 if self.plan.brief else present]:
            press = {"place": place.code, "state": "present", "key": f"{self.chance.randbytes(16).hex()}"}
            must(mate.post(reverse("sessions:mark", args=[session.code]), press), 302)
        key = {"key": self.chance.randbytes(16).hex()}
        must(self.reader.post(reverse("sessions:everyone_here", args=[session.code]), key), 302)

    def answered(
        self, session: Session | None, form: Form, bowl: list[str], present: int, answering: int, first: bool
    ) -> None:
        """Everybody draws; `answering` of them use their slip, the first parent among them on the first evening."""
        drawn = [bowl.pop() for _ in range(present)] if bowl else [url_of(form)] * present
        used, unused = drawn[:answering], drawn[answering:]
        self.made_up_without_a_slip(form)
        for number, url in enumerate(used):
            theirs = first and number == 0
            score = self.outcome.truth if theirs else self.chance.randrange(SCORES)
            if self.plan.paper and not theirs:
                self.kept.append((form, score))
                self.typed[form.pk][score] += 1
                self.on_paper(form, [(score, url)])
                continue
            sheet = {"q-today": score}
            if theirs:
                sheet |= {"q-different": self.word, "q-time": self.chance.randrange(3)}
            status = self.send(url, sheet).status_code
            assert status == 302 or (self.hurry and not theirs), "Closed before its time, or taken."
            if status == 302:
                self.kept.append((form, score))
            if theirs and session and self.hurry and not self.plan.brief:
                self.made_up_with_slips(form, bowl, used[:1], [])
                self.hurried(session, form)
        if not first or self.plan.brief or not self.hurry:
            self.made_up_with_slips(form, bowl, used, unused)
        self.left_over = bowl

    # --- What every attacker tries --------------------------------------------------------------------------

    def made_up_without_a_slip(self, form: Form) -> None:
        """By the group's link and the tablet: without a code, with codes made up, with all that looked like one."""
        if not form.slips:
            for _ in range(4):
                must(self.send_own(form, url_of(form)), 302)
            return
        guesses = ["", *(typed_codes.code_of(self.chance.getrandbits(32), 6) for _ in range(2)), *sorted(self.seen)[:6]]
        if self.plan.brief:
            guesses = [typed_codes.code_of(number, 6) for number in range(4)]
        for number, code in enumerate(guesses):
            if self.send(url_of(form), {"q-today": number % SCORES, "slip": code}).status_code == 302:
                self.made_up[form.pk][number % SCORES] += 1
        if not self.plan.brief:
            self.by_tablet(form, guesses[1])
        pile = [(self.chance.randrange(SCORES), "") for _ in range(4)]
        for _ in range(1 if self.plan.brief else 2):  # typed and sent, and the same pile again
            self.on_paper(form, pile, ours=True)

    def by_tablet(self, form: Form, code: str) -> None:
        tablet, name = reverse("tablet_sheet", args=[form.code]), "s0123456789ab"
        sheet = {f"{name}-q-today": "0", f"{name}-slip": code, f"{name}-nonce": "n" * 22}
        answer = Client(REMOTE_ADDR=self.address).post(f"{tablet}?{name}", sheet)
        assert answer.status_code in (422, 429)

    def made_up_with_slips(self, form: Form, bowl: list[str], used: list[str], unused: list[str]) -> None:
        """With slips out of the bowl, and with those that were used before: the second time changes nothing."""
        if not form.slips:
            return
        takes = self.chance.randint(0, 4) if self.plan.takes is None else self.plan.takes
        taken = [bowl.pop() for _ in range(min(takes, len(bowl)))]
        if self.plan.lying:
            taken += [slip for slip in unused if self.chance.random() < 0.5][: 4 - len(taken)]
        if self.plan.copied:
            taken += unused[: 4 - len(taken)]
        for slip in taken:
            must(self.send_own(form, slip), 302)
        for slip in taken[:1] + used[:1]:
            must(self.send(slip, {"q-today": 0}), 302)
        if not self.plan.brief:  # once more on paper, and in the forms of other evenings: neither is a second sheet
            self.on_paper(form, [(0, slip) for slip in taken + used[:1]])
            for other in Form.objects.filter(cohort=self.cohort, closed_at=None).exclude(pk=form.pk):
                for slip in taken[:1]:
                    code = slip.rstrip("/").split("/")[-1]
                    assert self.send(url_of(other), {"q-today": 0, "slip": code}).status_code == 422

    def send(self, url: str, sheet: dict[str, Any]) -> Any:
        """A phone of its own: opens the page, fills it in, sends it."""
        memory_counts.forget()
        phone = Client(REMOTE_ADDR=self.address)
        if not self.after_sessions:
            sheet = {AFTER if name == "q-today" else name: value for name, value in sheet.items()}
        nonce = re.search(r'name="nonce" value="([^"]+)"', phone.get(url).content.decode())
        return phone.post(f"{url}?send", {**sheet, "nonce": nonce[1] if nonce else ""})

    def send_own(self, form: Form, url: str) -> HttpResponse:
        score = self.chance.randrange(SCORES)
        self.made_up[form.pk][score] += 1
        return self.send(url, {"q-today": score})

    def on_paper(self, form: Form, sheets: list[tuple[int, str]], *, ours: bool = False) -> None:
        """A pile, begun, typed and sent: scores, each with its slip or none. The attacker's own answer the time too."""
        begin = reverse("feedback:type", args=[form.code])
        pile = self.reader.post(begin, {"sheets": len(sheets), "effect_key": self.chance.randbytes(16).hex()})
        if pile.status_code != 302:
            return
        url, times = pile.headers["Location"], [self.chance.randrange(3) for _ in sheets]
        for number, ((score, slip), time) in enumerate(zip(sheets, times, strict=True), start=1):
            sheet: dict[str, Any] = {"q-today" if form.session_id else AFTER: score, "number": number, "again": ""}
            sheet |= {"slip": slip.rstrip("/").split("/")[-1]} | ({"q-time": time} if ours else {})
            if self.reader.post(url, sheet).status_code != 302:
                return
        check = reverse("feedback:pile_check", args=[form.code, url.rstrip("/").split("/")[-1]])
        if self.reader.post(check, {}).status_code == 302 and ours:
            self.made_up[form.pk] += Counter(score for score, _slip in sheets)
            self.own_of_time[form.pk] += Counter(times)

    def tried_to_close(self, session: Session | None, form: Form) -> None:
        """Before its time: alone, and with somebody who was in the room and ticked the register."""
        if session is None:
            return
        reader, mate = self.reader, self.browser(self.mate_user)
        reader.post(reverse("feedback:close", args=[session.code]))
        early, says = reverse("feedback:close_early", args=[form.code]), {"was_not_there": "on"}
        for browser in (reader, mate):
            browser.post(early, says)
        reader.post(reverse("feedback:count", args=[form.code]), {"left": "0", "people": "8"})

    def moved(self, session: Session) -> None:
        """Cancels the session and puts it back; the lead goes to the link and back, and makes the group larger."""
        reader = self.reader
        for name in ("cancel", "put_back"):
            moves.pressed(reader, reverse(f"sessions:{name}", args=[session.code]), why="No reason")
        if can(self.reader_user, P.COHORT_SET_UP) and not self.plan.link:
            url = reverse("feedback:link", args=[self.cohort.code])
            for link in ("yes", "no"):
                must(reader.post(url, {"link": link}), 302)

    def counted(self, form: Form, present: int) -> None:
        """The attacker counts as suits them, then the second person counts; where they differ, both once more."""
        form.refresh_from_db()
        if not form.slips:
            return
        url = reverse("feedback:count", args=[form.code])
        truth = {"left": str(len(self.left_over)), "people": str(present)}
        wrong = {"left": str(len(self.left_over)), "people": "10"}
        second = self.mate_user if self.plan.ally else self.parent_user
        rounds = [(wrong, wrong)] if self.plan.ally else [(wrong, truth), (truth, truth)]
        for turn, (mine, theirs) in enumerate(rounds):
            if turn and self.left_over and not self.plan.brief:  # out of the bin: void since the first count
                self.on_paper(form, [(self.chance.randrange(SCORES), slip) for slip in self.left_over[:4]], ours=True)
            for _ in range(2):  # one person counting twice is one count
                self.reader.post(url, mine)
            answer = self.browser(second).post(url, theirs, follow=True)
            assert not WORDS.search(answer.content.decode())
        if not self.plan.brief:
            self.on_paper(form, [(0, slip) for slip in self.left_over[:1] or [""]], ours=True)  # late

    # --- What pages show ------------------------------------------------------------------------------------

    def look(self, session: Session, form: Form, *, everything: bool) -> None:
        """Opens the pages, not where the moves alone are tried. Takes down whatever looks like a code, and whether the
        first parent's words stand there."""
        if self.plan.brief:
            return
        reader = self.reader
        records = {"session": session.code, "cohort": self.cohort.code, "form": form.code}
        if everything:
            place = self.places[0]
            records |= {"": "", "place": place.code, "caregiver": place.caregiver.code}
            records |= {"programme": self.cohort.programme.code, "member": self.mate_user.code}
        for name, (kinds, status) in TABLE.items():
            if status == 405 or name in SLOW or not set(kinds.split() or [""]) <= set(records):
                continue
            if not (everything or name.startswith("feedback:")) or not allowed(name, self.reader_user.role):
                continue
            self.read(reader, reverse(name, args=[records[kind] for kind in kinds.split()]))

    def read(self, reader: Client, url: str) -> str:
        answer = reader.get(url)
        text = on_one_line(b"".join(answer).decode(errors="replace"))
        self.outcome.pages += 1
        self.seen |= {typed_codes.typed(code) for code in LIKE_A_CODE.findall(text)}
        if self.word in text:
            self.outcome.leaks.append(url)
        return text

    def judge(self) -> None:
        """What is left of the box that the first parent's answer was opened with, and the best guess from it."""
        outcome, first = self.outcome, Form.objects.get(session=self.sessions[0])
        outcome.guess = self.chance.randrange(SCORES)
        if first.opened_with_id is None:
            return
        together = set(Form.objects.filter(opened_with=first.opened_with_id).values_list("pk", flat=True))
        real = [score for form, score in self.kept if form.pk in together]
        outcome.real = len(real)
        page = self.read(self.reader, reverse("feedback:session", args=[self.sessions[0].code]))
        typed = sum((self.typed[pk] for pk in together), Counter())
        outcome.left = less(shown(OF_TODAY, page), sum((self.made_up[pk] for pk in together), typed))
        outcome.left_of_time = less(shown(OF_TIME, page), sum((self.own_of_time[pk] for pk in together), Counter()))
        if outcome.left and max(outcome.left) > 0:
            most = max(outcome.left)
            outcome.guess = self.chance.choice([score for score, n in enumerate(outcome.left) if n == most])
        unknown = list((Counter(real) - typed).elements())
        if len(unknown) >= self.least:
            outcome.chance = unknown.count(outcome.guess) / len(unknown)


class WithoutDrawing:
    """In place of WeasyPrint: the page itself, which has the same words and takes no second."""

    def __init__(self, string: str, **kwargs: Any) -> None:
        self.string = string
        self.etree_element = mock.Mock(find=mock.Mock(return_value=None), iter=mock.Mock(return_value=()))

    def write_pdf(self, **kwargs: Any) -> bytes:
        return self.string.encode()


def shown(of: re.Pattern[str], page: str) -> list[int] | None:
    """How many chose each option, as the page has it; None where the question is held back."""
    section = of.search(page)
    return [int(n) for n in COUNT.findall(section[1])] or None if section else None


def less(counts: list[int] | None, ours: Counter[int]) -> list[int] | None:
    return None if counts is None else [n - ours[score] for score, n in enumerate(counts)]


def must(answer: Any, status: int) -> Any:
    assert answer.status_code == status, f"{answer.status_code} instead of {status}"
    return answer
