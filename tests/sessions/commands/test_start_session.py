from datetime import datetime
from uuid import uuid4

import pytest

from apps.core.errors import InvalidInput
from apps.core.tokens import verify_session_token
from apps.flows.models import FlowVersion
from apps.sessions.commands.start_session import StartedSession, start_session
from apps.sessions.context import SessionContext
from apps.sessions.models import BookingSession
from tests.factories.flows import SchedulerConfigFactory, whole_flow

pytestmark = pytest.mark.django_db


def start(version: FlowVersion, **changes: object) -> StartedSession:
    values = {
        "organization_id": version.organization_id,
        "config_id": None,
        "flow_version_id": version.id,
        "context": SessionContext(),
        **changes,
    }
    return start_session(**values)  # type: ignore[arg-type]  # the point is to pass what may be wrong


class TestStartSession:
    def test_pins_the_version_and_begins_empty(self) -> None:
        version = whole_flow().publish()
        session = BookingSession.objects.get(id=start(version).session.id)
        assert session.flow_version == version
        assert session.status == "active"
        assert session.last_sequence == 0
        assert session.step_progression["step_ids"] == [step["id"] for step in version.document["steps"]]

    def test_hands_out_a_token_for_this_session_that_lasts_a_day(self) -> None:
        started = start(whole_flow().publish())
        assert verify_session_token(started.token).session_id == started.session.id
        assert started.expires_at == datetime.fromisoformat("2030-01-15T15:00:00+00:00")

    def test_keeps_the_scheduler_that_the_visitor_came_through(self) -> None:
        version = whole_flow().publish()
        config = SchedulerConfigFactory.create(organization=version.organization)
        assert start(version, config_id=config.id).session.scheduler_config == config

    def test_keeps_the_context(self) -> None:
        context = SessionContext.model_validate({"url": "https://example.com/a?b=c", "device": "phone"})
        session = start(whole_flow().publish(), context=context).session
        assert session.session_context["url"] == "https://example.com/a"
        assert session.session_context["device"] == "phone"

    def test_refuses_a_version_that_does_not_exist_or_is_another_tenants(self) -> None:
        version = whole_flow().publish()
        for foreign in (uuid4(), whole_flow().publish().id):
            with pytest.raises(InvalidInput) as caught:
                start(version, flow_version_id=foreign)
            assert set(caught.value.data["errors"]) == {"flow_version_id"}

    def test_refuses_another_tenants_scheduler(self) -> None:
        with pytest.raises(InvalidInput) as caught:
            start(whole_flow().publish(), config_id=SchedulerConfigFactory.create().id)
        assert set(caught.value.data["errors"]) == {"config_id"}
