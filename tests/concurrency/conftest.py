"""What race tests share: that nobody ran into a deadlock, and the guard that their twins take away."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.availability import occupancy
from apps.availability.models import Resource


@pytest.fixture
def no_deadlock(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A deadlock that was retried would have been logged."""
    yield
    assert "deadlock" not in caplog.text


@pytest.fixture
def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims no longer take turns: the rows are read, but not locked."""

    def read_only(organization_id: Any, resource_ids: Any) -> dict[Any, Resource]:
        rows = Resource.objects.for_organization(organization_id).filter(id__in=resource_ids)
        return {row.id: row for row in rows}

    monkeypatch.setattr(occupancy, "lock_resources", read_only)
    monkeypatch.setattr(occupancy, "foresee_locks", lambda *_: None)
