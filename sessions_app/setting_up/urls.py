from __future__ import annotations

from django.urls import path

from sessions_app.setting_up import views as setting_up

urlpatterns = [
    path("set-up/", setting_up.set_up, name="set_up"),
    path("set-up/check/", setting_up.set_up_check, name="set_up_check"),
]
