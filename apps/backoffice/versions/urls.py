"""Where these pages hang: inside the admin, and with its names."""

from django.urls import URLPattern, path

from apps.backoffice.versions import file_views, version_views


def version_urls() -> list[URLPattern]:
    """Django's admin site asks for them among its extra URLs."""
    flow, version = "flows/<uuid:flow_id>", "flows/<uuid:flow_id>/versions/<int:number>"
    return [
        path("flows/import/", file_views.import_file, name="flow_import"),
        path(f"{flow}/export/", file_views.export, name="flow_export"),
        path(f"{flow}/duplicate/", file_views.duplicate, name="flow_duplicate"),
        path(f"{flow}/delete/", file_views.delete, name="flow_delete"),
        path(f"{flow}/changes/", version_views.changes, name="flow_changes"),
        path(f"{flow}/history/", version_views.history, name="flow_history"),
        path(f"{version}/", version_views.version, name="flow_version"),
        path(f"{version}/restore/", version_views.restore, name="flow_restore"),
    ]
