from django.urls import path

from caregivers.views import about

urlpatterns = [
    path("notice/", about.notice, name="notice"),
    path("kept/", about.kept, name="kept"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("cookies/", about.cookies, name="cookies"),
]
