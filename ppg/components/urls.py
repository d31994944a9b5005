from django.urls import path

from ppg.components import views as gallery

urlpatterns = [path("", gallery.gallery, name="gallery")]
