"""The addresses that the embed code and the loader use, and the pages behind customers' links."""

from django.urls import path, re_path

from apps.widget import views
from apps.widget.assets import ENTRY_FILES, HASHED_FILE

urlpatterns = [
    *(path(name, views.entry_file, {"name": name}, name=f"widget-{name}") for name in ENTRY_FILES),
    path("media/brand/<str:name>", views.logo, name="logo"),
    path("manage/<str:token>", views.link_page, name="manage-page"),
    path("offers/<str:token>", views.link_page, name="offer-page"),
    re_path(rf"^{HASHED_FILE}$", views.hashed_file, name="widget-hashed-file"),
]
