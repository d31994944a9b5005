"""Text that people type, paste or bring in a list: cleaned where it is stored, compared as it looks, isolated where it
is shown.

Signs that nobody sees can turn the direction of what stands beside them, make two names look the same, or be a name
that shows nothing. `clean` takes them out and leaves what writing needs. Keyboards of phones write one apostrophe for
another and a dash for a hyphen: two texts are the same where `comparison_key` says so, two telephone numbers where
`phone_key` does. Letters that run from the right turn what stands beside them by nature: `Words` are put into an
element of their own, so that the sentence around them stays as it is.
docs/decisions/letters-that-deceive.md
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import phonenumbers
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

ZWNJ, ZWJ, KEYCAP, FLAG, TAG_END = "\u200c", "\u200d", "\u20e3", "\U0001f3f4", "\U000e007f"
# Format signs that are seen: they stand around the number that follows.
SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Seen by nobody, although Unicode calls them letters, marks or symbols: fillers, a note without a head, and what
# dictation on a phone leaves where a picture would stand.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\ufffc\U00013441\U00013442\U00016fe4\U0001d159")
# No sign yet, and no programme is to draw one.
NEVER_DRAWN = re.compile("[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
# Seen as a gap, as a space is: those of typesetters, those that keep a line together, fillers as wide as a letter, and
# Braille without a dot. The wide space of Chinese stays.
GAPS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3164\uffa0]")
# Scripts whose words need joiners, by the first word of their letters' names.
JOINING = frozenset(
    [
        "ADLAM",
        "ARABIC",
        "BALINESE",
        "BENGALI",
        "BRAHMI",
        "CHAKMA",
        "DEVANAGARI",
        "GRANTHA",
        "GUJARATI",
        "GURMUKHI",
        "JAVANESE",
        "KANNADA",
        "KHMER",
        "MALAYALAM",
        "MANDAIC",
        "MONGOLIAN",
        "MYANMAR",
        "NEWA",
        "NKO",
        "ORIYA",
        "SINHALA",
        "SYRIAC",
        "TAMIL",
        "TELUGU",
        "TIBETAN",
        "TIRHUTA",
    ]
)
VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
TAGS = re.compile("[\U000e0020-\U000e007f]")
MONGOLIAN = re.compile("[\u180b-\u180d\u180f]")
LINES = re.compile("\r\n?|[\x0b\x0c\u0085\u2028\u2029]")
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Without signs that nobody sees, but for joiners inside words and emoji; a space for every gap; composed (NFC);
    empty where nothing in it would be seen. Cleaned twice it is the same. New lines and tabs stay; a form's own rules
    are asked afterwards."""
    if text.isascii() and text.isprintable():
        return text
    before, now = None, GAPS.sub(" ", LINES.sub("\n", text))
    while now != before:
        before, now = now, unicodedata.normalize("NFC", _without_unseen(unicodedata.normalize("NFC", now)))
    return now if any(is_seen(sign) for sign in set(now)) else ""


def is_seen(sign: str) -> bool:
    """Whether a sign by itself leaves anything on the page."""
    if sign.isspace() or sign in (ZWJ, ZWNJ) or GAPS.match(sign) or VARIATIONS.match(sign) or MONGOLIAN.match(sign):
        return False
    return not _is_unseen(sign)


def _is_unseen(sign: str) -> bool:
    """Format and control signs, fillers, halves of signs, and what is no sign at all."""
    if sign in UNSEEN or NEVER_DRAWN.match(sign):
        return True
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return sign not in SEEN
    if kind == "Cc":
        return sign not in "\n\t"
    return kind == "Cs" or (ord(sign) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF


def _without_unseen(text: str) -> str:
    # Looked up once for each sign that differs: somebody may send a million letters where a thousand fit.
    in_doubt = {sign for sign in set(text) if _is_unseen(sign) or VARIATIONS.match(sign) or MONGOLIAN.match(sign)}
    if not in_doubt:
        return text
    kept: list[str] = []
    next_seen = 0  # looked for once for all joiners in a row: somebody may send a million of them
    for position, sign in enumerate(text):
        if sign not in in_doubt:
            kept.append(sign)
        elif sign in (ZWJ, ZWNJ):
            if next_seen <= position:
                next_seen = _next_seen(text, position)
            if _joins(kept, text[next_seen : next_seen + 1], sign):
                kept.append(sign)
        elif VARIATIONS.match(sign) or MONGOLIAN.match(sign):
            if kept and _varies(kept[-1], sign, text[position + 1 : position + 2]):
                kept.append(sign)
        elif TAGS.match(sign) and kept and (kept[-1] == FLAG or TAGS.match(kept[-1])) and kept[-1] != TAG_END:
            kept.append(sign)
    return "".join(kept)


def _next_seen(text: str, position: int) -> int:
    return next((after for after in range(position + 1, len(text)) if is_seen(text[after])), len(text))


def _joins(kept: list[str], following: str, joiner: str) -> bool:
    """Between two letters of a script that needs it, or between two emoji."""
    if not kept or not following:
        return False
    if _is_letter_that_joins(kept[-1]) and _is_letter_that_joins(following):
        return True
    return joiner == ZWJ and _is_emoji(kept[-1]) and _is_emoji(following)


def _is_letter_that_joins(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" and unicodedata.name(sign, "").split(" ")[0] in JOINING


def _is_emoji(sign: str) -> bool:
    """Near enough: symbols, skin tones, newer pictures than Python knows, and the sign that asks for a picture."""
    if sign == "\ufe0f" or sign in "↔♾➕➖➗✖" or "\U0001f000" <= sign <= "\U0001faff":
        return True
    return sign > "\u2000" and sign not in UNSEEN and unicodedata.category(sign) in ("So", "Sk")


def _varies(before: str, sign: str, following: str) -> bool:
    """Whether the sign before has other shapes: Chinese letters, Mongolian ones, emoji, and digits in a keycap."""
    name = unicodedata.name(before, "").split(" ")[0]
    if MONGOLIAN.match(sign):
        return name == "MONGOLIAN"
    if sign >= "\U000e0100" or sign < "\ufe0e":
        return name == "CJK"
    return (before != "\ufe0f" and _is_emoji(before)) or before in "‼⁉©®™↔" or following == KEYCAP


def answer(given: Any) -> Any:
    """What somebody chose or wrote: of words, or words with a tick beside them, what is seen; None where nothing is."""
    if isinstance(given, dict):
        words = answer(given["text"])
        return words and {**given, "text": words}
    if not isinstance(given, str):
        return given
    words = clean(given)
    return words if words.strip() else None


# --- Where it is compared ---------------------------------------------------------------------------------

# One apostrophe, one inverted comma and one hyphen for all that stand for them: those that keyboards of phones and Word
# put in their place, and those of Ukrainian, Hawaiian, Hebrew and Armenian names.
ALIKE = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʹʻʼʽˈ′‵＇ʾʿ՚׳ꞌ", "'")
    | dict.fromkeys("“”„‟«»″‶＂״", '"')
    | dict.fromkeys("‐‑‒–—―⁃−－﹣﹘־", "-")
)
# Letters that only keyboards tell apart: the Arabic and the Persian ye and kaf; and the stroke that draws a word out.
SAME_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ـ": None})
# Letters with a stroke or a missing dot, and two in one, as those write them who do not have them.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def comparison_key(text: str, *, capitals: bool = False) -> str:
    """The same for texts that look the same: names, titles, sentences. It is compared and never shown or kept. Capitals
    are small letters in it, unless they are asked for."""
    if text.isascii() and text.isprintable():
        plain = " ".join(text.translate(ALIKE).split())
        return plain if capitals else plain.casefold()
    before, now = None, clean(text)
    while now != before:
        before, now = now, unicodedata.normalize("NFKC", now.translate(ALIKE).translate(SAME_LETTERS))
        now = now if capitals else now.casefold()
        now = "".join(sign for sign in now if sign.isspace() or is_seen(sign) or TAGS.match(sign))
    return " ".join(now.split())


def search_words(text: str) -> list[str]:
    """Its words as somebody types them who looks for it: "zoe oneil" finds "Zoë O’Neil", "lukasz" finds "Łukasz"."""
    apart = unicodedata.normalize("NFKD", comparison_key(text)).translate(PLAIN_LETTERS)
    letters = "".join(
        " " if sign.isspace() or sign == "-" else sign for sign in apart if not unicodedata.combining(sign)
    )
    return "".join(sign for sign in letters if sign == " " or unicodedata.category(sign)[0] in "LMN").split()


def in_plain_signs(text: str) -> str:
    """For reading numbers, days and times: figures of any script, and whatever looks like a hyphen or an apostrophe, as
    those of a keyboard here; one space for every gap."""
    plain = unicodedata.normalize("NFKC", clean(text).translate(ALIKE)).translate(ALIKE)
    figures = (str(unicodedata.decimal(sign, sign)) for sign in plain)
    return " ".join("".join(figures).split())


def email(text: str) -> str:
    """An address as it is sent to, from one that was pasted with its name or typed with another apostrophe."""
    plain = unicodedata.normalize("NFKC", clean(text).translate(ALIKE)).strip()
    if match := re.fullmatch(r"[^<>@]*<([^<>]+)>[;,.]?", plain):
        plain = match[1]
    return re.sub(r"^mailto:", "", plain, flags=re.IGNORECASE).strip()


def email_key(text: str) -> str:
    """The same for two addresses that reach the same person."""
    return email(text).casefold()


# --- Telephone numbers ------------------------------------------------------------------------------------

HERE = "GB"  # where a number is from that does not say so
LONGEST_HERE = 11  # figures of such a number, with its 0
MOBILES_WITH_7 = 44  # the country's code: there every mobile begins with 7, and hardly anything else does
LABEL = re.compile(r"^(tel|telephone|phone|mob|mobile|cell)\b[.:]*\s*", re.IGNORECASE)
NUMBER = re.compile(r"\+?[\d\s().\-/]*\d[\s)]*((ext|extension|x|#)[.:]?\s*\d{1,6})?", re.IGNORECASE)
NO_TEXTS = frozenset(
    [
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PAGER,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    ]
)


class NotAPhone(ValueError):
    """`why`: "invalid", "short", "long", or "area_code" where only that is missing."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def phone(text: str) -> str:
    """A number as its owner writes it, in plain figures and hyphens, without the word before it; `NotAPhone` where
    nobody could ring it."""
    plain = without_label(in_plain_signs(text))
    if not NUMBER.fullmatch(plain):
        raise NotAPhone("invalid")
    _possible(plain)
    return plain


def without_label(plain: str) -> str:
    """“Tel: 01632 960 001” without its first word, which tells what it is."""
    return LABEL.sub("", plain)


def _possible(plain: str) -> phonenumbers.PhoneNumber:
    """The number, if it is as long as numbers of its country are. Whether it is given to anybody is not asked: new ones
    are given out before anybody's list knows of them."""
    try:
        number = phonenumbers.parse(plain, HERE)
    except phonenumbers.NumberParseException as error:
        too_long = error.error_type == phonenumbers.NumberParseException.TOO_LONG
        raise NotAPhone("long" if too_long else "invalid") from None
    kind = phonenumbers.PhoneNumberType.UNKNOWN
    if number.country_code == MOBILES_WITH_7 and str(number.national_number).startswith("7"):
        kind = phonenumbers.PhoneNumberType.MOBILE
    length = phonenumbers.is_possible_number_for_type_with_reason(number, kind)
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NotAPhone(TOO.get(length, "invalid"))
    return number


TOO = {
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "area_code",
    phonenumbers.ValidationResult.TOO_SHORT: "short",
    phonenumbers.ValidationResult.TOO_LONG: "long",
}


def _number(text: str) -> phonenumbers.PhoneNumber | None:
    """Of what is stored, in whichever form it was before numbers were cleaned."""
    try:
        return _possible(phone(text))
    except NotAPhone:
        return None


def dialled(text: str) -> str:
    """What a telephone dials: +447700900982. A number that we cannot read is dialled as it stands, in plain figures."""
    if number := _number(text):
        extension = f";ext={number.extension}" if number.extension else ""
        return f"+{number.country_code}{phonenumbers.national_significant_number(number)}{extension}"
    return re.sub(r"[^\d+]", "", in_plain_signs(text))


def phone_key(text: str) -> str:
    """The same for 07700 900 982, +44 (0)7700–900982 and ٠٧٧٠٠٩٠٠٩٨٢. Empty for fewer than six figures."""
    key = dialled(text)
    return key if sum(sign.isdigit() for sign in key) >= 6 else ""


def figures_typed(text: str) -> str:
    """The figures of a number or of a part of one, typed to find it by: "+44 (0)7700 9". Nothing of any other text."""
    plain = without_label(in_plain_signs(text))
    if not re.fullmatch(r"[\d\s().+/-]*", plain):
        return ""
    figures = re.sub(r"\D", "", plain.replace("(0)", ""))
    return figures.removeprefix("00") if len(figures) > LONGEST_HERE else figures


def phone_spellings(text: str) -> list[str]:
    """The figures of a number as they are dialled abroad and here, and as they were typed: a part of any finds it."""
    figures = [re.sub(r"\D", "", in_plain_signs(text))]
    if number := _number(text):
        here = phonenumbers.national_significant_number(number)
        figures += [f"{number.country_code}{here}", f"0{here}"]
    return figures


LONGEST_HERE = 11  # figures of a number without the country's code


def takes_texts(text: str) -> bool:
    """Whether a text can arrive there: not at a landline, nor at what nobody could ring."""
    number = _number(text)
    if number is None:
        return False
    if number.country_code == MOBILES_WITH_7:  # all but 070, and 076 other than on the Isle of Man
        return bool(re.match(r"7(?!0|6)|7624", phonenumbers.national_significant_number(number)))
    return phonenumbers.number_type(number) not in NO_TEXTS


# --- Where it is shown --------------------------------------------------------------------------------------


class Words(str):
    """What somebody typed, as it comes out of the database: text like any other, and on a page in an element of its own
    where letters run from the right. Templates and `format_html` do that by themselves. In attributes and titles, which
    hold no elements, write `{{ name|plain }}`."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        if self.isascii():
            return escape(str(self))
        bare = escape(DIRECTION.sub("", self))
        turns = any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in self)
        return mark_safe(f"<bdi>{bare}</bdi>") if turns else bare  # noqa: S308  escaped above


def isolated(text: str) -> str:
    """The same where there are no elements: in a sentence of a message, in an e-mail, in a calendar."""
    bare = DIRECTION.sub("", text)
    turns = any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in bare)
    return f"\u2068{bare}\u2069" if turns else bare
