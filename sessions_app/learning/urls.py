from __future__ import annotations

from django.urls import path

from sessions_app.learning import views as learned

urlpatterns = [
    path("learned/<str:code>/", learned.learned, name="learned"),
    path("learned/<str:code>/take/", learned.take_up, name="take"),
]
