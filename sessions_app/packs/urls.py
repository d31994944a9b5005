from __future__ import annotations

from django.urls import path

from sessions_app.packs import views as pack

urlpatterns = [
    path("<str:code>/pack/", pack.pack, name="pack"),
    path("<str:code>/pack/print/", pack.pack_print, name="pack_print"),
    path("<str:code>/pack/given/", pack.given_to_those_here, name="pack_given_to_those_here"),
    path("pack-for/<str:code>/again/", pack.again, name="pack_again"),
    path("pack-for/<str:code>/paper/", pack.to_paper, name="pack_paper"),
    path("pack-for/<str:code>/handed/", pack.handed, name="pack_handed"),
    path("pack-for/<str:code>/given/", pack.given, name="pack_given"),
]
