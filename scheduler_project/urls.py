"""Every address of the site. Each app brings its own; this page says where they hang."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from apps.backoffice.onboarding.welcome import WelcomeView
from apps.core.api.fallbacks import no_such_address
from apps.core.api.health import healthz, readyz
from apps.core.api.metrics import metrics_page

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path("admin/v1/", include("apps.organizations.api.urls")),
    path("admin/v1/", include("apps.availability.api.admin.urls")),
    path("admin/v1/", include("apps.bookings.api.admin.urls")),
    # Else Django's own admin, below, would ask whoever mistypes an address of the API to sign in.
    path("admin/v1/<path:address>", no_such_address),
    path("admin/", admin.site.urls),
    path("welcome/<uidb64>/<token>/", WelcomeView.as_view(), name="welcome"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("v1/", include("apps.availability.api.urls")),
    path("v1/", include("apps.routing.api.urls")),
    path("v1/", include("apps.bookings.api.urls")),
    path("v1/", include("apps.sessions.api.urls")),
    path("v1/", include("apps.vendors.api.urls")),
    path("", include("apps.widget.urls")),
    path("", include("apps.demo.urls")),
]

handler404 = "apps.core.api.fallbacks.page_not_found"
handler500 = "apps.core.api.fallbacks.server_error"
