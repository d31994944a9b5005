"""Each place where a record names a member of staff: what becomes of it when they leave.

A new one fails `test_each_record_that_names_somebody_is_decided` until it stands in one of the three lists below.
docs/decisions/leaving.md says why.
"""

from __future__ import annotations

from django.apps import apps

from ppg.models import User

# Somebody else must go on with it: `leaving.hand_over` gives it to whom an administrator chose.
HANDED_OVER = {
    "programmes.TeamMember.user",  # left, and whoever goes on joins
    "programmes.ChecklistLine.owner",
    "programmes.Guide.owner",
    "caregivers.Referral.owner",
    "caregivers.FollowUp.owner",
    "feedback.Questionnaire.owner",
}

# It opens something to them: `leaving.end_access` ends it, or it ends with the sign-in itself.
ENDS = {
    "account.EmailAddress.user",  # the address they sign in with
    "ppg.Invitation.user",
    "ppg.SignIn.user",
    "mfa.Authenticator.user",  # opens nothing to who may not sign in
    "socialaccount.SocialAccount.user",  # nor does this
    "sessions_app.CalendarFeed.user",
    "programmes.Alert.user",  # the worker tells nobody who has left
    "ppg.PrivateNotes.user",  # read by nobody else
    "feedback.PaperPile.typed_by",  # open to its typist alone
}

# Who did it: it stays, with their name.
HISTORY = {
    "sessions_app.RetentionHold.made_by",  # the hold stands until its day, or somebody else ends it
    "sessions_app.RetentionHold.ended_by",
    "ppg.AuditEntry.user",
    "ppg.AccountMail.user",  # on their way to them, or pruned soon
    "ppg.AccountMail.by",
    "ppg.Invitation.invited_by",  # an invitation stands, whoever sent it
    "programmes.ChecklistLine.ticked_by",
    "programmes.Guide.published_by",
    "programmes.Guide.changed_by",
    "programmes.TeamSupport.recorded_by",
    "caregivers.Referral.contacted_by",
    "caregivers.PoliceCheck.recorded_by",
    "caregivers.KeptApart.recorded_by",
    "caregivers.ConsentWording.published_by",
    "caregivers.Consent.recorded_by",
    "caregivers.FollowUp.recorded_by",
    "caregivers.Poster.made_by",  # the poster is the group's
    "caregivers.Message.sent_by",  # copies that wait are sent all the same: in the service's name
    "caregivers.Concern.author",  # read on by the group's lead and the safeguarding lead; told to nobody here
    "caregivers.Concern.closed_by",
    "caregivers.ConcernStep.by",
    "caregivers.Information.author",  # as a concern
    "caregivers.Information.closed_by",
    "caregivers.Slot.chosen_by",
    "caregivers.SlotAnswer.recorded_by",
    "sessions_app.Session.closed_by",
    "sessions_app.Pack.made_by",  # what waits in it is the group's
    "sessions_app.Delivery.handed_by",
    "sessions_app.Given.by",
    "sessions_app.Adaptation.by",
    "sessions_app.Prepared.by",
    "sessions_app.RegisterMark.recorded_by",
    "sessions_app.SessionStep.by",
    "sessions_app.ItemRemark.by",
    "sessions_app.LaterQuestion.by",  # taken up by whoever runs the session
    "feedback.Form.asked_to_close_by",  # anybody else who was not in the room closes it
    "feedback.Form.opened_by",
    "feedback.OpenLink.chosen_by",
    "feedback.SlipCount.by",  # a second person counts, whoever counted first
    "feedback.SlipSheet.made_by",
    "feedback.Questionnaire.changed_by",
    "feedback.Questionnaire.published_by",
    "feedback.Suggestion.answered_by",
    "feedback.FocusGroup.by",
    "feedback.Quote.chosen_by",  # anybody else of the team signs it
    "feedback.Quote.signed_off_by",
    "evaluation.CardCount.by",  # a second person counts, whoever counted first
    "evaluation.CardSheet.made_by",
    "evaluation.EvaluationPlan.chosen_by",
    "evaluation.Report.edited_by",
    "evaluation.SectionText.by",  # stands in the group's report; said where it is not published
    "evaluation.ReportVersion.published_by",
    "evaluation.AcrossReport.asked_by",  # goes on being made, and every manager reads it
}


def test_each_record_that_names_somebody_is_decided():
    names = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.is_relation and field.related_model is User
    }
    missing = names - HANDED_OVER - ENDS - HISTORY
    assert not missing, f"Say in {__name__} what becomes of {sorted(missing)} when that person leaves."
    gone = (HANDED_OVER | ENDS | HISTORY) - names
    assert not gone, f"{sorted(gone)} name nobody any more: take them out."


def test_each_is_decided_once():
    assert not HANDED_OVER & ENDS and not HANDED_OVER & HISTORY and not ENDS & HISTORY


def test_what_is_called_owner_is_handed_over():
    assert not {name for name in ENDS | HISTORY if name.endswith(".owner")}
