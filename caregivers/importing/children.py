"""Whose a column is, by its heading: a caregiver's, a child's, or not to be told from it.

No record about a child is kept, so such a column is dropped as the file is read. One that may be about a child stays
out until staff say that it is the caregiver's. Headings come here in small letters with a blank between words
(`columns.plain`).
"""

from __future__ import annotations

import re
from enum import Enum

CHILD_WORDS = [
    *("child", "childs", "children", "childrens", "kid", "kids", "son", "sons", "daughter", "daughters"),
    *("grandchild", "grandchildren", "grandson", "grandsons", "granddaughter", "granddaughters", "grandkids"),
    *("stepchild", "stepchildren", "stepson", "stepsons", "stepdaughter", "stepdaughters", "godchild", "godson"),
    *("goddaughter", "nephew", "nephews", "niece", "nieces", "sibling", "siblings", "twin", "twins", "offspring"),
    *("youngperson", "youngpeople", "youngster", "youngsters", "yp", "yps", "cyp", "cyps", "teen", "teens", "teenage"),
    *("teenager", "teenagers", "adolescent", "adolescents", "juvenile", "juveniles", "infant", "infants", "baby"),
    *("babies", "toddler", "toddlers", "dependant", "dependants", "dependent", "dependents", "boy", "boys", "girl"),
    *("girls", "pupil", "pupils", "student", "students", "learner", "learners", "school", "schools", "upn", "uln"),
    *("lad", "lads", "lass", "lasses", "bairn", "bairns", "unborn", "newborn", "preschooler", "preschoolers"),
]
YOUNG = "person|persons|people|peoples|one|ones|man|woman|lad|lads|carer|carers|offender|offenders|victim|victims"
CHILD = re.compile(
    rf"\b({'|'.join(CHILD_WORDS)}"
    rf"|young ({YOUNG})|little ones?|year group|y p|under (16|18)s?|(u|ks) \d+s?)\b"
)
ADULT_WORDS = [
    *("parent", "parents", "parental", "carer", "carers", "caregiver", "caregivers", "guardian", "guardians"),
    *("mother", "mothers", "father", "fathers", "mum", "mums", "dad", "dads", "grandparent", "grandparents"),
    *("grandmother", "grandfather", "grandma", "grandad", "stepmother", "stepfather", "stepmum", "stepdad"),
]
ADULT = re.compile(rf"\b({'|'.join(ADULT_WORDS)})\b")
# In a list about a family these are as often the child's as not.
EITHER_WORDS = [
    *("dob", "birth", "birthday", "birthdate", "born", "age", "ages", "aged", "youth", "youths", "minor", "minors"),
    *("brother", "brothers", "sister", "sisters", "cousin", "cousins", "client", "clients", "subject", "subjects"),
    *("bday", "yob", "victim", "victims", "suspect", "suspects", "offender", "offenders", "ward", "wards", "patient"),
    *("nominal", "nominals", "lac", "cla", "college", "nursery", "academy", "class", "tutor", "teacher", "year", "yr"),
]
EITHER = re.compile(
    rf"\b({'|'.join(EITHER_WORDS)}|[db] o b|b day|b d|su|nhs|ch|chld|service users?|young adults?|case (name|person)"
    r"|looked after|next of kin|(linked|missing|exploited|referred) person|person (at risk|of concern)|household"
    r"|family members?|relation(ship)? to|who(m)? about|about who(m)?|referral for)\b|child"
)
# “Parent of”, “Cares for”: whom, a child stands below.
OF_WHOM = re.compile(rf"\b({'|'.join(ADULT_WORDS)}|cares|caring|responsible|responsibility) (of|to|for)$")
# What only somebody at school has: a name beside it is as often the child's.
SCHOOLING = re.compile(r"\b(school|schools|upn|uln|year group|ks \d)\b")
# Help for the caregiver, which a list may bring in.
CHILDCARE = re.compile(r"\bchild (care|minder|minders|minding)\b|\bchild(care|minder|minders|minding)\b")


class Whose(Enum):
    CAREGIVERS = "caregivers"
    CHILDS = "childs"
    EITHERS = "eithers"


def says_a_caregiver(words: str) -> bool:
    return bool(ADULT.search(words))


def whose(words: str) -> Whose:
    """“child” is a child's, and so is “parent of”; “parent of child” may be either's, “parent dob” is the parent's."""
    words = CHILDCARE.sub("care", words)
    if OF_WHOM.search(words):
        return Whose.CHILDS
    grown = says_a_caregiver(words)
    if CHILD.search(words):
        return Whose.EITHERS if grown else Whose.CHILDS
    return Whose.EITHERS if EITHER.search(words) and not grown else Whose.CAREGIVERS
