"""A small file that uses everything that a file can have."""

import copy
import json
from typing import Any

DOCUMENT: dict[str, Any] = {
    "format": "wrkbelt-flow",
    "format_version": 1,
    "flow": {"title": "Book a plumber", "icon": "droplets"},
    "steps": [
        {
            "step_type": "zipcode",
            "title": "Where are you?",
            "settings": {"areas": [{"location_name": "Downtown", "zip_codes": ["80202", "80203"]}]},
        },
        {
            "step_type": "service_selection",
            "title": "How can we help?",
            "settings": {"allow_several": True},
            "graph": {
                "nodes": {
                    "need": {"kind": "question", "question": "need", "at": [40, -20]},
                    "leak": {"kind": "answer", "answer": "leak", "category": "urgent"},
                    "drain": {"kind": "answer", "answer": "drain"},
                    "unsure": {"kind": "words", "title": "Not sure", "category": "urgent"},
                    "check": {"kind": "service", "service": "check"},
                },
                "edges": [
                    {"from": "need", "to": "leak"},
                    {"from": "need", "to": "drain"},
                    {"from": "need", "to": "unsure"},
                    {"from": "leak", "to": "check"},
                    {"from": "unsure", "to": "check"},
                ],
            },
        },
        {"step_type": "timeslot", "title": "When suits you?", "settings": {"allow_resource_choice": True}},
        {"step_type": "details", "title": "Tell us more", "active": False},
        {"step_type": "customer", "title": "Your details"},
        {"step_type": "summary", "title": "Check and book"},
    ],
    "content": {
        "categories": {"urgent": {"title": "Urgent"}},
        "services": {
            "check": {
                "title": "Check-up",
                "duration_minutes": 45,
                "price": "89.00",
                "required_skills": ["gas licence"],
                "requires_approval": True,
            },
            "drain": {"title": "Drain clearing", "buffer_after_minutes": 15},
        },
        "questions": {"need": {"unique_name": "plumbing-need", "title": "What do you need?"}},
        "answers": {
            "leak": {"question": "need", "title": "Something leaks", "icon": "droplet"},
            "drain": {"question": "need", "service": "drain"},
        },
    },
}


def file_with(**changes: Any) -> bytes:
    """The file as bytes; a change is named by its path, with `__` between the parts: `steps__1__title=…`."""
    document = copy.deepcopy(DOCUMENT)
    for path, value in changes.items():
        *parents, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        place: Any = document
        for parent in parents:
            place = place[parent]
        place[last] = value
    return json.dumps(document).encode()
