from django.urls import path

from caregivers.concerns.views import concerns, information

urlpatterns = [
    path("concerns/", concerns.concerns, name="concerns"),
    path("concerns/<str:code>/", concerns.concern, name="concern"),
    path("concerns/<str:code>/close/", concerns.close, name="concern_close"),
    path("concerns/<str:code>/reopen/", concerns.reopen, name="concern_reopen"),
    path("concerns/<str:code>/readers/", concerns.readers, name="concern_readers"),
    path("concerns/<str:code>/remove/", concerns.remove, name="concern_remove"),
    path("information/", information.information_list, name="information_list"),
    path("information/<str:code>/", information.information, name="information"),
    path("information/<str:code>/close/", information.close, name="information_close"),
    path("information/<str:code>/reopen/", information.reopen, name="information_reopen"),
    path("information/<str:code>/readers/", information.readers, name="information_readers"),
    path("information/<str:code>/remove/", information.remove, name="information_remove"),
    path("<str:code>/concerns/add/", concerns.add, name="concern_add"),
    path("<str:code>/information/add/", information.add, name="information_add"),
]
