"""What a session's handouts still lack, said before the evening."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from programmes.models import Resource

IN_THE_HAND = (Resource.Kind.ITEM, Resource.Kind.LEAFLET)


def what_is_missing(handouts: Iterable[Resource]) -> str:
    """What a team has to know of a session's pack before the evening, in a sentence; nothing where all can go out."""
    handouts = list(handouts)
    if not handouts:
        return _("The pack is empty: this session has no handouts.")
    without = [one for one in handouts if one.kind not in IN_THE_HAND and not one.file and not one.url]
    if len(without) == len(handouts):
        return _("The pack is empty: nothing in it has a file or a link yet.")
    if not without:
        return ""
    titles = ", ".join(one.title for one in without)
    return _("Not in the pack yet, because it has no file and no link: %(titles)s.") % {"titles": titles}
