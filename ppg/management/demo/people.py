"""Invented people: staff who sign in, and the caregivers of three groups.

Phone numbers are from the ranges that are kept free for fiction, addresses end in .example.
"""

from __future__ import annotations

from dataclasses import dataclass

from ppg.access.permissions import Role

STAFF = [
    ("lead", "Hannah Osei", Role.LEAD),
    ("facilitator", "Marcus Bell", Role.FACILITATOR),
    ("facilitator2", "Ines Duarte", Role.FACILITATOR),
    ("parent", "Carol Finch", Role.PARENT),
    ("manager", "David Achebe", Role.MANAGER),
    ("safeguarding", "Ruth Lindqvist", Role.SAFEGUARDING),
    ("evaluator", "Nadia Rahman", Role.EVALUATOR),
    ("admin", "Tom Pryce", Role.ADMINISTRATOR),
]

# What only the council knows, in the place of the square brackets of the texts that everybody reads.
COUNCIL = {
    "[name of the council]": "Demo Council",
    "[name, phone and e-mail of the data protection officer]": "Ellen Marsh, 01632 960101, data@demo.example",
}
TEXTS = {
    "notice": COUNCIL
    | {
        "[number]": "12",
        "[the council’s legal basis]": "the council has a public task to help families (UK GDPR, article 6(1)(e))",
    },
    "kept": COUNCIL | {"[12]": "12", "[6]": "6", "[number] years": "7 years", "[number] weeks": "4 weeks"},
    "access": COUNCIL
    | {
        "[Add what you have found yourselves, and take out what you have put right]": "We have found nothing else yet.",
        "[name, phone and e-mail of who answers]": "Ellen Marsh, 01632 960101, data@demo.example",
        "[number]": "5",
        "[which pages]": "registration and feedback",
        "[who tried them, with what]": "Two of us tried them with a keyboard and with a screen reader",
        "[date]": "2 November 2026",
    },
}


@dataclass(frozen=True)
class Person:
    """`came` has a letter for each session: P here, L late, E left early, A apologies, N not here, - not in the group.

    `agreed` are the consents given: e evaluation, q quotes, c chat, a contact afterwards.
    """

    name: str
    source: str
    came: str = ""
    agreed: str = "eqca"
    how: str = "online"
    handouts: str = "email"
    liked: str = ""
    allergies: str = ""
    access: str = ""
    language: str = "English"
    childcare: str = ""
    travel: str = ""
    when: str = ""
    safe: tuple[str, ...] = ("text", "call", "email")
    contacts: tuple[tuple[str, str, str], ...] | None = None  # a sister, where nothing is said

    def emergency_contacts(self) -> list[dict[str, str]]:
        sister = (f"Jo {self.name.split()[-1]}", "01632 960900", "Sister")
        contacts = (sister,) if self.contacts is None else self.contacts
        return [{"name": name, "phone": phone, "relation": relation} for name, phone, relation in contacts]


FINISHED = [
    Person("Amira Haddad", "caseload", "PPPPPP", allergies="Nuts", liked="Amira"),
    Person("Grace Mensah", "hub", "PPLPPP", how="paper", handouts="paper", safe=("call",), when="After 6pm"),
    Person("Steve Rowley", "community", "PAPPPE", agreed="ec", allergies="", travel="Needs a lift from Stowmarket"),
    Person("Joanna Kowalska", "parenting", "PPPAPP", language="Polish", handouts="paper", how="spoken", agreed="e"),
    Person("Denise Carter", "caseload", "LPPPPL", liked="Dee", childcare="A 4 year old comes along"),
    Person("Rashid Karim", "early_help", "PPAPNP", agreed="eqa", allergies="No pork"),
    Person("Lucy Adair", "interest", "PPPPPP", access="Uses a wheelchair; step-free way in", agreed="eq"),
    Person("Paula Whitmore", "caseload", "PN----", agreed="e", how="spoken", handouts="paper"),
    Person("Femi Okafor", "hub", "--PPPP", agreed="eqca", when="Not during the school run"),
]

RUNNING = [
    Person("Zainab Qureshi", "caseload", "PP", allergies="Nuts, sesame", liked="Zainab", contacts=()),
    Person("Kelly Sharp", "hub", "PL", handouts="paper", safe=("call", "text"), when="Mornings"),
    Person("Tomasz Nowak", "parenting", "AP", language="Polish", access="An interpreter for Polish"),
    Person("Beth Llewellyn", "community", "PP", agreed="qc", how="paper", handouts="paper"),
    Person("Michael Obi", "caseload", "PE", childcare="Two children, 6 and 9", allergies="Milk"),
    Person("Sandra Doyle", "interest", "PP", liked="Sandy", access="Large print"),
    Person("Yusuf Aydin", "early_help", "NP", agreed="ea", safe=("text",), when="Texts only, never in the evening"),
    Person("Claire Benson", "caseload", "P-", agreed="e", how="spoken", handouts="paper"),
    Person("Marta Silva", "hub", "-P", agreed="eqca", travel="Bus 88, last one at 20:40"),
]

PLANNED = [
    Person("Priya Nair", "caseload", allergies="Eggs", liked="Priya"),
    Person("Gareth Hughes", "hub", handouts="paper", how="spoken", safe=("call", "voicemail")),
    Person("Olena Bondar", "parenting", language="Ukrainian", access="Please speak slowly"),
    Person("Shauna McKee", "community", childcare="A baby comes along"),
    Person("Leon Grant", "caseload", agreed="e", travel="Can walk"),
]

# Of the planned group: a check not back yet, a link sent, and one just referred.
WAITING = Person("Anita Desai", "early_help", agreed="eq", handouts="paper", how="spoken")
INVITED = Person("Rob Stanley", "interest")
REFERRED = Person("Maureen Tully", "caseload")

# Which of the proposed times each of the planned group can do: Tuesday and Thursday, 18:30 and 10:00.
TIMES = {
    "Priya Nair": "yes no yes no",
    "Gareth Hughes": "maybe no yes no",
    "Olena Bondar": "no yes yes yes",
    "Shauna McKee": "yes yes maybe no",
    "Leon Grant": "yes no yes no",
}

# What somebody told the facilitator after a session, and what was done about it.
CONCERN = {
    "words": "She said that a man waits outside the school gate on Fridays and gives the boys new phones.",
    "steps": [
        ("done", "Listened, wrote it down with her, and said what happens next."),
        ("told", "Rang the safeguarding lead the same evening."),
    ],
}
INFORMATION = {
    "noticed": "The same grey car outside the chip shop, three evenings in a row, with young people getting in.",
    "noticed_when": "Monday to Wednesday last week, about seven in the evening",
    "how_known": "She saw it herself from her window.",
    "methods": ["gifts", "travel"],
}

# Minutes that items took longer, or less, by session.
LONGER = {
    1: {"A parent tells their story": 5, "Questions and close": -4},
    2: {"Films": 6, "Signs, social media": -8},
    4: {"Speakers: education": 9, "Close": -2},
    6: {"Recap and reflect": -5},
}

RECAP = {
    1: ["What stayed with you from the parent's story?", "How our agreement works"],
    2: ["It can happen to any family", "Trust your instinct; you know your child"],
    3: ["Which of the questions did you try at home?"],
    4: ["Whom to ring first", "How to complain, and that it is all right to"],
    5: ["What helped you to rest?", "What is worth passing on to the police"],
    6: [],
}

# What was kept for later, and who wanted to be called, by session.
LATER = {2: "Can a school look into a child's phone?"}
CALL = {1: "Michael Obi", 2: "Tomasz Nowak"}

SPEAKERS = [
    ("Education welfare service", "Priti Shah", "01632 960311"),
    ("Neighbourhood team", "PC Alan Reed", "01632 960312"),
    ("Early help", "Josie Lund", "josie.lund@council.example"),
]

COMMENTS = [
    "I did not feel judged, for the first time in a year.",
    "More time for questions please.",
    "The film was hard to watch but it helped me see the signs.",
    "Hearing from a parent who has been there made the difference.",
    "Could we have the tea earlier?",
    "I would like to know more about what school should do.",
    "I tried the open questions at home. He talked to me for ten minutes.",
    "The room was cold.",
    "Please send the links again.",
    "I am less on my own with this now.",
]

FOCUS = (
    "The group spoke about the first evening: most had nearly turned back at the door. Being rung beforehand helped. "
    "Schools came up again and again. Several would like to meet once a month from now on."
)

# Words from the focus group of people who agreed to be quoted, with the theme they stand under.
SAID = [
    ("It was the first place where I did not have to explain myself.", "Not alone"),
    ("I ring the number now. Before, I waited until it was too late.", "Knowing whom to call"),
    ("We talk in the car. It is not much, but we talk.", "Talking at home"),
]

# What the group asked for, how its page reads, what became of it and why, and days after the first session.
SUGGESTIONS = [
    (
        "Could somebody from the school come?",
        "Have somebody from a school here",
        "will",
        "A head of year comes to session 4.",
        1,
    ),
    ("Could we have the tea earlier?", "Have the tea earlier", "did", "The kettle is on from six o'clock.", 2),
    ("A lift home would help", "Get a lift home", "cannot", "We may not drive anybody. We can pay for the bus.", 3),
    ("Can we keep the slides?", "", "", "", 9),
    ("More on phones and games please", "", "", "", 10),
]

NARRATIVE = {
    "in_short": (
        "Nine parents and carers came to six evenings. Most say that they feel less alone, can see the signs sooner "
        "and know whom to call. They want schools in the room next time."
    ),
    "learned": (
        "Parents told us that the hardest thing was the silence: at home, and from services. What helped most was "
        "to sit with others who did not need it explained. The parent who led with us was named again and again as the "
        "reason people came back.\n\n"
        "The group asked for more time with the police and with schools. We made room for it in session 4, and "
        "brought the question back in session 6."
    ),
    "professionals": (
        "Ring before the first session, and ask which ways of reaching somebody are safe. Say early that nobody here "
        "thinks it is their fault. Leave time for coffee: what people say at the door is often what they came "
        "to say.\n\n"
        "Plain words do more than leaflets. People wanted to know whom to call, and what happens after they call."
    ),
    "changed": (
        "After session 2 people asked for the films to be shorter and the talk after them longer. From session 3 on "
        "we showed one film at most. The break moved forward by ten minutes."
    ),
}

# What should change, who sees to it, and how many days after the first session it is due.
RECOMMENDATIONS = [
    ("Run the group again, on the same evening, with the same parent", "Programme lead", 150),
    ("Invite the schools' safeguarding leads to session 4", "Facilitator", 120),
    ("Offer a meeting once a month to those who have finished", "Team manager", 90),
]
