from django.urls import path

from caregivers.about import views

urlpatterns = [
    path("notice/", views.notice, name="notice"),
    path("kept/", views.kept, name="kept"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("cookies/", views.cookies, name="cookies"),
]
