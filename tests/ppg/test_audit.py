import pytest

from ppg import audit
from ppg.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_the_trail_keeps_codes_and_names_of_fields_only(lead, cohort):
    audit.record(lead, audit.Verb.CHANGED, cohort, cohort=cohort, fields=["venue", "area"])
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.ref, entry.fields) == ("cohort", cohort.code, ["area", "venue"])


def test_the_trail_cannot_be_changed_or_deleted(lead, cohort):
    audit.record(lead, audit.Verb.SAW, cohort)
    entry = AuditEntry.objects.get()
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(what="x"),
    ):
        with pytest.raises(TypeError):
            attempt()
