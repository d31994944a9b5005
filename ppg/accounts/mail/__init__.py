class _K:
    def __getattr__(self, n):
        return n.lower()


Kind = _K()


def post(kind, user, *, by=None, site="", address=""):
    pass


def undelivered():
    return User.objects.none()


class links:
    register = staticmethod(lambda k, m: None)


import sys

from ppg.models import User

sys.modules["ppg.models"].AccountMail = object
