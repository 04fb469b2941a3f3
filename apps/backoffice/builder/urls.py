"""Where the builder's commands hang: inside the admin, and with its names. The page is the flow's own."""

from django.urls import URLPattern, path

from apps.backoffice.builder import start_views, views


def builder_urls() -> list[URLPattern]:
    """Django's admin site asks for them among its extra URLs."""
    return [
        path("flows/start/", start_views.start, name="flow_start"),
        path("flows/build/<uuid:flow_id>/move/", views.move, name="flow_move"),
        path("flows/build/<uuid:flow_id>/add/", views.add, name="flow_add_step"),
        path("flows/build/<uuid:flow_id>/restore/", views.restore, name="flow_restore_step"),
        path("flows/build/<uuid:flow_id>/words/", views.words, name="flow_words"),
        path("flows/build/<uuid:flow_id>/publish/", views.publish, name="flow_publish"),
        path("flows/build/<uuid:flow_id>/zip-codes/", views.read_zips, name="flow_zips"),
        path("flows/steps/<uuid:step_id>/", views.change, name="flow_step"),
        path("flows/steps/<uuid:step_id>/switch/", views.switch, name="flow_switch_step"),
        path("flows/steps/<uuid:step_id>/remove/", views.remove, name="flow_remove_step"),
    ]
