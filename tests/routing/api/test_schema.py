"""What the endpoints answer is what their OpenAPI description says."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from apps.flows.models import StepType
from apps.routing.api import urls
from tests.factories.content import AnswerCategoryFactory
from tests.factories.flows import AnswerNodeFactory, EdgeFactory, WholeFlow, whole_flow
from tests.routing.api.support import TRIGGERS, Site, site

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def components() -> dict[str, Any]:
    generator: Any = SchemaGenerator(patterns=urls.urlpatterns)  # type: ignore[no-untyped-call]  # as above
    schemas: dict[str, Any] = as_json_schema(generator.get_schema(public=True)["components"]["schemas"])
    return schemas


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable`; JSON Schema says "or null". Objects may hold nothing undescribed."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: as_json_schema(value) for key, value in node.items() if key != "nullable"}
    if "properties" in plain:
        plain["additionalProperties"] = False
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


def validate(components: dict[str, Any], name: str, answer: Any) -> None:
    validator = Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components}}
    )
    errors = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(answer)]
    assert errors == []


def rich_flow(place: Site) -> WholeFlow:
    """Every kind of node, a category, a price, and details of each kind."""
    whole = whole_flow(place.organization)
    whole.service.price = 129
    whole.service.save()
    category = AnswerCategoryFactory.create(organization=place.organization)
    answer = AnswerNodeFactory.create(step=whole.selection, answer_category=category)
    EdgeFactory.create(source=whole.question, target=answer)
    EdgeFactory.create(source=answer, target=whole.service_node)
    options = [{"value": "gas", "label": "Gas"}]
    fields = [
        {"key": "fuel", "label": "Fuel", "kind": "select", "options": options},
        {"key": "notes", "label": "Notes", "kind": "textarea", "required": True, "max_length": 900},
    ]
    whole.flow.steps.filter(step_type=StepType.DETAILS).update(type_config={"fields": fields})
    return whole


def test_resolve_answers_as_described(components: dict[str, Any]) -> None:
    place = site(fallback_phone_number="+13035550142", target_click_elements=["#book"])
    rich_flow(place).publish()
    validate(components, "ResolveOutput", place.resolve().json())


def test_without_a_fallback_too(components: dict[str, Any]) -> None:
    place = site()
    whole_flow(place.organization).publish()
    validate(components, "ResolveOutput", place.resolve().json())


def test_no_flow_answers_as_described(components: dict[str, Any]) -> None:
    validate(components, "NoFlowProblem", site(fallback_phone_number="+13035550142").resolve().json())
    validate(components, "NoFlowProblem", site().resolve().json())


def test_triggers_answer_as_described(components: dict[str, Any]) -> None:
    place = site(target_click_elements=["#book"])
    validate(components, "TriggersOutput", place.client.get(TRIGGERS).json())
