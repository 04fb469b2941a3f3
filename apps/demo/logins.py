"""Who can sign in to the demo: shown by `manage.py demo`, made by `manage.py seed_demo`."""

from apps.demo.businesses import BUSINESSES

# Role, e-mail address, password. They open nothing but a demo: seed_demo refuses to run in production.
DEMO_LOGINS: list[tuple[str, str, str]] = [
    (login.title, login.email, login.phrase) for business in BUSINESSES for login in business.logins
]
