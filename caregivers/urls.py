"""Staff pages."""

from django.urls import include, path

from caregivers.views import board, checks, contact, follow_ups, importing, people, places, poster, record, registration

app_name = "caregivers"
urlpatterns = [
    path("", board.board, name="board"),
    path("", include("caregivers.urls_restricted")),
    path("person/<str:code>/", record.show, name="record"),
    path("person/<str:code>/details/", record.details, name="details"),
    path("person/<str:code>/check/", record.check, name="check"),
    path("person/<str:code>/apart/", checks.apart, name="apart"),
    path("person/<str:code>/apart/<str:mark>/", checks.apart_end, name="apart_end"),
    path("person/<str:code>/consent/<str:kind>/", record.consent, name="consent"),
    path("person/<str:code>/consent/<str:kind>/withdraw/", record.withdraw, name="withdraw"),
    path("referral/<str:code>/contact/", contact.contact, name="contact"),
    path("referral/<str:code>/owner/", contact.owner, name="owner"),
    path("referral/<str:code>/no-thanks/", contact.declined, name="declined"),
    path("referral/<str:code>/register/", registration.register, name="register_by_staff"),
    path("referral/<str:code>/link/", registration.invite, name="invite"),
    path("referral/<str:code>/own-page/", registration.own_page, name="own_page"),
    path("referral/<str:code>/give/", places.give, name="give"),
    path("referral/<str:code>/offer/", places.offer, name="offer"),
    path("referral/<str:code>/wait/", places.wait, name="wait"),
    path("referral/<str:code>/leave/", places.leave, name="leave"),
    path("follow-up/<str:code>/", follow_ups.follow_up, name="follow_up"),
    path("follow-up/<str:code>/plan/", follow_ups.plan, name="follow_up_plan"),
    path("follow-up/<str:code>/take/", follow_ups.take, name="follow_up_take"),
    path("<str:code>/", people.people, name="people"),
    path("<str:code>/size/", places.size, name="size"),
    path("<str:code>/add/", people.add, name="add"),
    path("<str:code>/import/", importing.file, name="import"),
    path("<str:code>/import/template/", importing.template, name="import_template"),
    path("<str:code>/import/check/", importing.look, name="import_check"),
    path("<str:code>/import/faults/", importing.faults, name="import_faults"),
    path("<str:code>/import/do/", importing.do, name="import_do"),
    path("<str:code>/poster/", poster.poster, name="poster"),
    path("<str:code>/poster/pdf/", poster.pdf, name="poster_pdf"),
    path("<str:code>/poster/switch/", poster.switch, name="poster_switch"),
    path("<str:code>/follow-ups/", follow_ups.follow_ups, name="follow_ups"),
    path("<str:code>/follow-ups/add/", follow_ups.add, name="follow_up_add"),
]
