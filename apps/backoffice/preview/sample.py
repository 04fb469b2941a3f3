"""A flow for businesses that have none yet, so that colours and corners have something to be seen on."""

from typing import Any

from apps.core.icons import icons_in
from apps.organizations.models import Organization

Document = dict[str, Any]


def sample_document(organization: Organization) -> Document:
    """One question, two answers, two services, and every kind of step but the zip code."""
    services = {
        "check": ("Check-up", "calendar-check", 45, "79.00"),
        "repair": ("Repair", "wrench", 90, "129.00"),
    }
    document = {
        "id": "sample",
        "content": _words("Book a visit"),
        "steps": [
            _step("service_selection", "How can we help?", _graph(services)),
            _step("details", "Tell us a little more", {"fields": [_notes()]}),
            _step("timeslot", "When suits you?", {"allow_resource_choice": False, "location_id": None}),
            _step("customer", "Your details", _person()),
            _step("summary", "Check and book", {"policy_text": "", "confirm_label": None}),
        ],
        "services": {
            key: {
                "id": key,
                "content": _words(title, icon),
                "duration_minutes": minutes,
                "price": price,
                "currency": organization.currency,
                "price_note": "",
            }
            for key, (title, icon, minutes, price) in services.items()
        },
        "categories": {},
    }
    return {**document, "icons": icons_in(document)}


def _step(kind: str, title: str, config: Document) -> Document:
    return {"id": kind, "step_type": kind, "step_config": _words(title), "type_config": config}


def _words(title: str, icon: str = "") -> Document:
    return {"title": title, "description": "", "icon": icon}


def _graph(services: dict[str, Any]) -> Document:
    question = {"id": "need", "unique_name": "need", "help_text": "", **_words("What do you need?")}
    return {
        "allow_several": False,
        "root_node_id": "root",
        "nodes": [
            {"id": "root", "type": "question_reference", "question": question},
            *({"id": key, "type": "service_reference", "service_id": key} for key in services),
        ],
        "edges": [{"id": key, "source_node_id": "root", "target_node_id": key} for key in services],
    }


def _notes() -> Document:
    return {
        "key": "notes",
        "label": "Anything we should know?",
        "help_text": "",
        "kind": "textarea",
        "required": False,
        "max_length": 500,
        "options": [],
    }


def _person() -> Document:
    return {"fields": {"email": "optional", "address": "hidden"}, "consent_text": ""}
