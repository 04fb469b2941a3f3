from django.urls import path

from apps.availability.api.admin import place_views, slot_views

urlpatterns = [
    path("locations", place_views.LocationsView.as_view(), name="admin-locations"),
    path("locations/<uuid:location_id>", place_views.LocationView.as_view(), name="admin-location"),
    path("people", place_views.PeopleView.as_view(), name="admin-people"),
    path("people/<uuid:resource_id>", place_views.PersonView.as_view(), name="admin-person"),
    path("resources", place_views.ResourcesView.as_view(), name="admin-resources"),
    path("resources/<uuid:resource_id>", place_views.ResourceView.as_view(), name="admin-resource"),
    path("slots", slot_views.StaffSlotsView.as_view(), name="admin-slots"),
    path("slots/generate", slot_views.GenerateSlotsView.as_view(), name="admin-slots-generate"),
]
