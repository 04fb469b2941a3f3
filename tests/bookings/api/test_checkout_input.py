"""Whatever is sent to checkout and to one's own page, it is answered."""

from typing import Any

import pytest

from apps.bookings.models import Booking
from apps.organizations.models import Role
from apps.organizations.staff_tokens import issue_pair
from tests.factories.availability import SlotFactory
from tests.factories.bookings import CheckoutQuestionFactory
from tests.factories.organizations import MembershipFactory
from tests.widget_client import WidgetClient

pytestmark = pytest.mark.django_db

STRANGE: list[Any] = [
    *(None, True, -1, 0, 1.5, 10**30, [], {}, [None], {"a": []}, "", " ", "\x00", "\ud800", "é" * 600, "%"),
    *("NaN", "1e9", "00000000-0000-0000-0000-000000000000", [[]], {"": ""}, {"\x00": "\x00"}),
]
ADA = {"name": "Ada", "phone": "303 555 0142", "email": "a@example.com"}


@pytest.fixture
def widget() -> WidgetClient:
    return WidgetClient(SlotFactory.create().organization)


def test_a_strange_field_of_checkout_is_answered(widget: WidgetClient) -> None:
    slot = SlotFactory.create(resource__location__organization=widget.organization)
    question = CheckoutQuestionFactory.create(organization=widget.organization, required=False)
    hold = widget.post("/v1/holds", {"slot_id": str(slot.id)}).json()["id"]
    whole = {
        "hold_ids": [hold],
        "customer": ADA,
        "answers": {str(question.id): "a"},
        "details": {"door": "red"},
        "notes": "x",
        "selection": {"flow_version_id": hold, "node_ids": [hold]},
        "custom_prices": [{"hold_id": hold, "line": 0, "price": "1.00"}],
    }
    bodies = [whole | {name: strange} for name in whole for strange in STRANGE]
    bodies += [whole | {"customer": ADA | {name: strange}} for name in ADA for strange in STRANGE]
    bodies += [whole | {"customer": ADA | {"preferences": strange}} for strange in STRANGE]
    bodies += [whole | {"answers": {str(question.id): strange}} for strange in STRANGE]

    broken = [body for body in bodies if widget.post("/v1/checkout", body).status_code >= 500]

    assert broken == []
    assert not Booking.objects.exists()


def test_a_strange_question_of_services_is_answered(widget: WidgetClient) -> None:
    strange = [value for value in STRANGE if isinstance(value, str) and value != "\ud800"]

    answers = [widget.get("/v1/questions", {"service_id": value}).status_code for value in strange]

    assert set(answers) <= {200, 400}


def test_a_strange_field_of_ones_own_page_is_answered(widget: WidgetClient) -> None:
    member = MembershipFactory.create(organization=widget.organization, role=Role.USER)
    signed_in = widget.headers(Authorization=f"Bearer {issue_pair(member).access}")
    whole = {
        "name": "Ada",
        "phone": "303 555 0142",
        "email": "a@example.com",
        "address": {},
        "preferences": {},
    }
    broken = []
    for name in whole:
        for number, strange in enumerate(STRANGE):
            response = widget.client.patch(
                "/v1/customers/me",
                whole | {name: strange},
                content_type="application/json",
                headers={**signed_in, "Idempotency-Key": f"{name}{number}"},
            )
            if response.status_code >= 500:
                broken.append((name, strange))
    assert broken == []
