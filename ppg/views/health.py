"""For the machine that watches over this one."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from ppg.access import public
from ppg.pdf import font_missing


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and PDFs can be drawn, 503 with the reason otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")
    if font_missing():
        return HttpResponse("There is no font to draw a PDF with.", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
