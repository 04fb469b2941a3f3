"""Who can sign in to the demo: shown by `manage.py demo`, made by `manage.py seed_demo`."""

# Role, e-mail address, password. They open nothing but a demo: seed_demo refuses to run in production.
DEMO_LOGINS: list[tuple[str, str, str]] = [
    ("Platform owner", "owner@wrkbelt.example", "owner-demo"),
    ("Business admin", "admin@summitpeak.example", "admin-demo"),
    ("Front desk", "frontdesk@summitpeak.example", "frontdesk-demo"),
    ("Scheduler", "scheduler@summitpeak.example", "scheduler-demo"),
]
