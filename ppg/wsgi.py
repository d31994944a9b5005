"""What gunicorn serves."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from ppg import environment
from ppg.every_request.whole_bodies import whole_bodies

GUNICORN_GIVES_UP = 4  # with any other code of a worker's it would try again for ever

environment.start(GUNICORN_GIVES_UP)
application = whole_bodies(get_wsgi_application())

from ppg.backups import ledger  # noqa: E402  its tables are known only now

ledger.introduce_at_start()
