"""Where the preview hangs: inside the admin, and with its names."""

from django.urls import URLPattern, path

from apps.backoffice.preview import reads, views

BUSINESS = "preview/<uuid:organization_id>/"
READS = {
    "scheduler/month-availability": reads.PreviewMonth,
    "scheduler/date-timeslots": reads.PreviewTimes,
    "questions": reads.PreviewQuestions,
}


def preview_urls() -> list[URLPattern]:
    """For apps/backoffice/urls.py. The reads have the same ends as below `/v1/`."""
    return [
        path("preview/frame/", views.frame, name="preview_frame"),
        path("preview/document/", views.DocumentView.as_view(), name="preview_document"),
        *(
            path(BUSINESS + end, reads.of_a_business(view.as_view()), name=f"preview_{end.rsplit('/')[-1]}")
            for end, view in READS.items()
        ),
    ]
