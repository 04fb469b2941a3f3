import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.flows.portable import shapes
from apps.flows.portable.parsing import parse_flow_file
from apps.flows.portable.planning import plan_import
from tests.factories.availability import LocationFactory

PAGE = Path(settings.BASE_DIR, "docs", "flow-format.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_example_of_the_documentation_could_be_published() -> None:
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    location = LocationFactory.create(name="Downtown")
    plan = plan_import(location.organization_id, parse_flow_file(example[1].encode()))
    assert (plan.problems, plan.missing_locations) == ([], [])


@pytest.mark.parametrize(
    "shape",
    [
        shapes.Words,
        shapes.PortableService,
        shapes.PortableQuestion,
        shapes.PortableAnswer,
        shapes.PortableStep,
        shapes.PortableContent,
    ],
)
def test_every_field_is_documented(shape: type[shapes.Words]) -> None:
    words = set(re.findall(r"`([a-z_.]+)`", PAGE))
    missing = {name for name in shape.model_fields if not {name, f"content.{name}"} & words}
    assert missing == set()
