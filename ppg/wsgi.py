"""What gunicorn serves."""

from django.core.wsgi import get_wsgi_application

from ppg import environment

GUNICORN_GIVES_UP = 4  # with any other code of a worker's it would try again for ever

environment.start(GUNICORN_GIVES_UP)
application = get_wsgi_application()

from ppg import ledger  # noqa: E402  its tables are known only now

ledger.introduce_at_start()
