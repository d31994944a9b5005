"""The database is brought up to this version by one command, and by one machine after the other."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from ppg.management.commands.set_up import Command
from programmes.models import Programme


@pytest.mark.django_db
def test_what_comes_with_the_product_is_there_and_it_can_be_run_again():
    for _time in range(2):
        said = StringIO()
        call_command("set_up", stdout=said)
        assert "0 changes of the database." in said.getvalue()
    assert Programme.objects.filter(slug="peer-parent-group").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_machines_at_once_do_it_one_after_the_other():
    order, said = [], StringIO()

    def other_machine() -> None:
        with Command(stdout=said).one_at_a_time():
            order.append("the other")
        connection.close()

    other = threading.Thread(target=other_machine)
    with Command(stdout=StringIO()).one_at_a_time():
        other.start()
        other.join(0.3)
        assert other.is_alive()
        order.append("this one")
    other.join(10)
    assert order == ["this one", "the other"]
    assert connection.vendor == "sqlite" or "Another machine is at it." in said.getvalue()
