"""The texts that ship, our own, for a council to adapt.

What stands in [square brackets] only the council knows: a blank (`caregivers/text_blocks.py`). A wording that
somebody may have agreed to is never changed: a change is a new version (a row of `ConsentWording`), and the answers
given before keep theirs. So leave VERSION_1 and the files in `fixtures/wordings/` alone; `load` runs in migrations and
adds what is missing.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

FIRST_NOTICE = """\
# Who we are
We are [name of the council]. We run a group for parents and carers. This says what we do with what you tell us.

# Why we ask
We ask so that we can plan the group with you: how to reach you safely, what you need to come, what you can eat, and \
who to call if you are ill.

# What we keep
Your name, how to reach you, what you need, who to call in an emergency, which meetings you came to, and what you \
agree to below.
We do not ask for your child’s name. Please do not write it here.
Before anyone gets a place, we ask the police if there is a reason they should not join. We do this for everybody, so \
that the group is safe. We keep the answer and the date, nothing more.

# Who can see it
Only the people who run your group. Each time one of them opens your details, it is written down.

# How long we keep it
Until [number] months after the group ends. Then we delete it. Numbers stay, such as “six people came”. They have no \
names in them.

# If we worry about a child
If you tell us something that makes us worry that a child is not safe, we must write it down and tell the people whose \
job it is to keep children safe. This is kept apart, by its own rule: it is kept for longer, and we cannot delete it \
when you ask.

# Answers without your name
Some forms do not ask who you are. Then nobody knows which answers are yours, so we cannot find them for you or take \
them out. If you were given a card with a code, the code can find its answers.

# You can change your mind
You can come to the group without agreeing to anything below. You can take back each thing you agreed to at any time: \
press the button on your own page, or tell us. We stop from then on. What is already printed or sent cannot be called \
back.
You can ask to see what we keep about you, to put it right, or to delete it.

# The law, and who to ask
The law lets us keep this because [the council’s legal basis].
Questions: [name, phone and e-mail of the data protection officer].
If you are not happy with our answer, call the Information Commissioner’s Office on 0303 123 1113.
"""

# The first line is what a person says yes to; the rest explains it.
EVALUATION = """\
You may use my answers to find out if the group helps
We ask the same questions before and after. Everybody’s answers are put together as numbers. Your name is in no report.
If you take this back, your answers to these questions are in no number we work out from then on. Answers you gave \
without your name cannot be found by your name.
"""

QUOTES = """\
You may quote what I say, without my name
We leave out what could show who you are. Still, somebody who knows your story may know that it is yours.
If you take this back, we take your words out of our reports. We cannot call back a copy that somebody already has.
"""

CHAT = """\
You may add me to the group’s own chat, such as WhatsApp
The others in the chat will see your phone number and the name you use there. So will anybody who looks at your phone.
If you take this back, we take you out of the chat. What you wrote may stay on other people’s phones.
"""

AFTER = """\
You may contact me after the group has ended
We would ask how you are, and some of the same questions again. We only use the ways you say are safe.
If you take this back, we do not contact you after the group has ended.
"""

VERSION_1 = {"notice": FIRST_NOTICE, "evaluation": EVALUATION, "quotes": QUOTES, "chat": CHAT, "after": AFTER}


def text_of(kind: str, version: int) -> str:
    return (settings.BASE_DIR / "fixtures" / "wordings" / f"{kind}-{version}.txt").read_text(encoding="utf-8").strip()


SHIPPED = [("notice", 2), ("notice", 3), ("kept", 1), ("kept", 2), ("dpia", 1), ("dpia", 2), ("access", 1)]
SHIPPED += [("cookies", 1), ("cookies", 2)]
SHIPPED += [("notice", 4), ("kept", 3), ("dpia", 3)]
LATER = {(kind, version): text_of(kind, version) for kind, version in SHIPPED}
NOTICE = LATER["notice", 4]


def load(wordings: Any) -> None:
    """Adds what is missing; a kind in which the council has published its own text is left as it is.

    `wordings`: the manager of `ConsentWording`, in a migration of what it was then.
    """
    own: set[str] = set()
    if hasattr(wordings.model, "published_at"):
        own = set(wordings.exclude(published_at=None).values_list("kind", flat=True))
    for (kind, version), text in ({(kind, 1): text for kind, text in VERSION_1.items()} | LATER).items():
        if kind not in own:
            wordings.get_or_create(kind=kind, version=version, defaults={"text": text.strip()})
