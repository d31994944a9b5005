import pytest
from cryptography.fernet import Fernet
from django.db import connection

from caregivers.models import Caregiver
from ppg.encryption.crypto import Unreadable, decrypt, encrypt
from tests.factories import CaregiverFactory

pytestmark = pytest.mark.django_db


def raw(caregiver: Caregiver) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, safe_ways FROM caregivers_caregiver WHERE code = %s", [caregiver.code])
        return str(cursor.fetchone())


def test_contact_details_lie_encrypted_from_the_first_row():
    caregiver = CaregiverFactory(name="Nadia Brown", phone="01632 960123", safe_ways=["voicemail"])
    assert not {"Nadia", "960123", "voicemail"} & set(raw(caregiver).replace("'", " ").split())
    assert "Nadia" not in raw(caregiver) and "voicemail" not in raw(caregiver)
    again = Caregiver.objects.get(pk=caregiver.pk)
    assert (again.name, again.phone, again.safe_ways) == ("Nadia Brown", "01632 960123", ["voicemail"])


def test_a_tampered_value_is_refused_instead_of_handed_back():
    token = encrypt("Nadia")
    with pytest.raises(Unreadable):
        decrypt(token[:-2] + "AA")


def test_a_new_key_in_front_still_reads_the_old(settings):
    token = encrypt("Nadia")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert decrypt(token) == "Nadia"


def test_the_database_cannot_be_asked_for_a_name():
    with pytest.raises(TypeError, match="encrypted"):
        Caregiver.objects.filter(name="Nadia").exists()
