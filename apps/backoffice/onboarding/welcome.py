"""The link by which somebody new sets their password: it works once, for a few days."""

from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy


class WelcomeView(PasswordResetConfirmView):
    """Django's own page for links that reset passwords, in our words; whoever sets one is signed in."""

    template_name = "backoffice/onboarding/welcome.html"
    success_url = reverse_lazy("admin:index")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    title = "Welcome"
