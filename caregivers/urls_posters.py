from django.urls import path

from caregivers.views import poster

urlpatterns = [
    path("<str:code>/poster/", poster.poster, name="poster"),
    path("<str:code>/poster/pdf/", poster.pdf, name="poster_pdf"),
    path("<str:code>/poster/switch/", poster.switch, name="poster_switch"),
]
