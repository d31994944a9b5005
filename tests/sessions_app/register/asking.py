"""The register as a browser without JavaScript and the script ask for it."""

from uuid import uuid4

from django.urls import reverse


def page_of(session):
    return reverse("sessions:register", args=[session.code])


def text(answer):
    return answer.content.decode()


def send(browser, session, place, state, key=None, **values):
    values = {"place": place.code, "state": state, "key": key or str(uuid4()), **values}
    return browser.post(reverse("sessions:mark", args=[session.code]), values, headers={"accept": "application/json"})


def state_of(answer):
    (row,) = answer.json()["rows"].values()
    return row["state"]


def rows_by_script(browser, session):
    return browser.get(page_of(session), headers={"accept": "application/json"}).json()["rows"]
