from django.urls import path

from caregivers.posters import views

urlpatterns = [
    path("<str:code>/poster/", views.poster, name="poster"),
    path("<str:code>/poster/pdf/", views.pdf, name="poster_pdf"),
    path("<str:code>/poster/switch/", views.switch, name="poster_switch"),
]
