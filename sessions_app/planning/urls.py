from __future__ import annotations

from django.urls import path

from sessions_app.planning import views as plan

urlpatterns = [
    path("<str:code>/plan/", plan.plan, name="plan"),
    path("<str:code>/plan/move/", plan.move, name="move"),
    path("<str:code>/plan/cancel/", plan.cancel, name="cancel"),
    path("<str:code>/plan/put-back/", plan.put_back, name="put_back"),
    path("<str:code>/plan/add/", plan.add, name="add"),
    path("<str:code>/plan/agenda/", plan.agenda, name="agenda"),
]
