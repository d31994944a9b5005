"""The meetings of a cohort: one module for each part of an evening."""

from sessions_app.models.calendar import CalendarFeed
from sessions_app.models.packs import Delivery, DeliveryQuerySet, Given, Pack, PackQuerySet
from sessions_app.models.planning import Adaptation, Prepared, Speaker, SpeakerQuerySet
from sessions_app.models.register import (
    ABSENT,
    ATTENDED,
    ON_THE_DAY,
    MarkState,
    RegisterMark,
    RegisterMarkQuerySet,
    how_many_sent_apologies,
    register_taken,
    start_of,
    took_place,
    with_register,
)
from sessions_app.models.retention import RetentionHold, RetentionHoldQuerySet, RetentionWarning
from sessions_app.models.running import ItemRemark, LaterQuestion, SessionStep
from sessions_app.models.session import Session, SessionHandout, SessionItem, SessionItemResource, SessionQuerySet

__all__ = [
    "ABSENT",
    "ATTENDED",
    "ON_THE_DAY",
    "Adaptation",
    "CalendarFeed",
    "Delivery",
    "DeliveryQuerySet",
    "Given",
    "ItemRemark",
    "LaterQuestion",
    "MarkState",
    "Pack",
    "PackQuerySet",
    "Prepared",
    "RegisterMark",
    "RegisterMarkQuerySet",
    "RetentionHold",
    "RetentionHoldQuerySet",
    "RetentionWarning",
    "Session",
    "SessionHandout",
    "SessionItem",
    "SessionItemResource",
    "SessionQuerySet",
    "SessionStep",
    "Speaker",
    "SpeakerQuerySet",
    "how_many_sent_apologies",
    "register_taken",
    "start_of",
    "took_place",
    "with_register",
]
