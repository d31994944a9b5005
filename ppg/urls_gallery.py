from django.urls import path

from ppg.views import gallery

urlpatterns = [path("", gallery.gallery, name="gallery")]
