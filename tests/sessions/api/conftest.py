"""Fixtures of the API's tests."""

import pytest

from tests.factories.organizations import ApiKeyFactory
from tests.sessions.support import Widget


@pytest.fixture
def widget(db: None) -> Widget:
    return Widget(api_key=ApiKeyFactory.create())
