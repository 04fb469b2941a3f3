"""Shapes of the routing endpoints. Answers are written by queries.py; these describe them to OpenAPI."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from apps.core.api.serializers import ProblemSerializer, StrictSerializer
from apps.core.icons import PATH
from apps.flows.appearance import COLOR_NAMES
from apps.routing.addresses import MAX_URL_LENGTH
from apps.routing.explaining import Outcome
from apps.routing.splits import MAX_VISITOR_LENGTH


class ResolveInput(StrictSerializer):
    """Which page asks, and for which widget if it says."""

    url = serializers.CharField(
        max_length=MAX_URL_LENGTH,
        help_text="The page's whole address, such as https://www.example.com/services.",
    )
    config_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    visitor = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_VISITOR_LENGTH,
        help_text="Whatever stays the same for one visitor and names nobody. Where a rule has several flows, "
        "it decides which; without it everybody gets the first.",
    )


class ExplainOption(serializers.Serializer[Any]):
    """Whether to explain instead."""

    explain = serializers.BooleanField(
        default=False, help_text="Every rule's verdict instead of the flow. Needs a secret key."
    )


class Output(serializers.Serializer[Any]):
    """Only described, never filled in."""


def _shape(name: str, base: type[Output] = Output, /, **fields: serializers.Field[Any, Any, Any, Any]) -> Any:
    """A serializer whose fields are named like a serializer's own attributes (label, required, fields)."""
    return type(name, (base,), dict(fields))


def _constant(value: str) -> serializers.RegexField:
    """What tells the members of a union apart: always this one word."""
    return serializers.RegexField(rf"^{value}$")


class ContentOutput(Output):
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    icon = serializers.CharField(allow_blank=True, help_text="A Lucide icon's name.")


class SplitOutput(Output):
    flow_id = serializers.UUIDField()
    weight = serializers.IntegerField(min_value=1)
    total_weight = serializers.IntegerField(min_value=1)


class RouterOutput(Output):
    rule_id = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField(help_text="Why this flow was chosen, in words.")
    split = SplitOutput(
        allow_null=True,
        help_text="Where the rule has several flows: which of them this visitor gets, and its share.",
    )


class OrganizationOutput(Output):
    id = serializers.UUIDField()
    name = serializers.CharField()
    timezone = serializers.CharField(help_text="An IANA zone.")
    locale = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166, two letters.")
    currency = serializers.CharField(help_text="ISO 4217.")
    phone_number = serializers.CharField(allow_blank=True)
    waitlist_open = serializers.BooleanField(help_text="Customers can wait where nothing is free.")


class FallbackScreenOutput(Output):
    phone_number = serializers.CharField(help_text="E.164.")
    content = ContentOutput()
    icon_path = serializers.RegexField(
        PATH,
        allow_blank=True,
        help_text="The icon as the `d` of one SVG path on a 24 × 24 grid, to be stroked.",
    )


class SchedulerConfigOutput(Output):
    id = serializers.UUIDField()
    name = serializers.CharField()
    target_click_elements = serializers.ListField(child=serializers.CharField())
    fallback_phone_number_screen = FallbackScreenOutput(allow_null=True)


ColorsOutput = _shape(
    "ColorsOutput", **{name: serializers.RegexField(r"^#[0-9a-fA-F]{6}$") for name in COLOR_NAMES}
)


class BrandKitOutput(Output):
    name = serializers.CharField()
    logo_url = serializers.URLField(allow_null=True)
    colors = ColorsOutput()
    dark_colors = ColorsOutput(
        allow_null=True, help_text="Worn where the visitor's device is dark; null: the same."
    )
    radius_px = serializers.IntegerField(min_value=0, max_value=32)
    font_family = serializers.CharField()
    mode = serializers.ChoiceField(choices=["light", "dark", "auto"])


class ZipAreaOutput(Output):
    location_id = serializers.UUIDField()
    location_name = serializers.CharField()
    zip_codes = serializers.ListField(child=serializers.CharField())
    zip_prefixes = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Every whole code that begins so."
    )
    zip_ranges = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2),
        required=False,
        help_text="From one code to another, both included.",
    )


class ZipcodeConfigOutput(Output):
    areas = ZipAreaOutput(many=True)
    outside_message = serializers.CharField(allow_blank=True)
    code_length = serializers.IntegerField(
        required=False, help_text="How many characters a whole code has, where the business says so."
    )


NodeQuestionOutput = _shape(
    "NodeQuestionOutput",
    ContentOutput,
    id=serializers.UUIDField(),
    unique_name=serializers.CharField(),
    help_text=serializers.CharField(allow_blank=True),
)


class NodeAnswerOutput(ContentOutput):
    category_id = serializers.UUIDField(allow_null=True)


class QuestionNodeOutput(Output):
    id = serializers.UUIDField()
    type = _constant("question_reference")
    question = NodeQuestionOutput()


class AnswerNodeOutput(Output):
    id = serializers.UUIDField()
    type = _constant("answer_reference")
    answer = NodeAnswerOutput()
    service_id = serializers.UUIDField(allow_null=True, help_text="Set: this answer is the path's service.")


class ServiceNodeOutput(Output):
    id = serializers.UUIDField()
    type = _constant("service_reference")
    service_id = serializers.UUIDField()


class EdgeOutput(Output):
    id = serializers.UUIDField()
    source_node_id = serializers.UUIDField()
    target_node_id = serializers.UUIDField()


class ServiceSelectionConfigOutput(Output):
    root_node_id = serializers.UUIDField()
    nodes = PolymorphicProxySerializer(
        component_name="GraphNode",
        serializers={
            "question_reference": QuestionNodeOutput,
            "answer_reference": AnswerNodeOutput,
            "service_reference": ServiceNodeOutput,
        },
        resource_type_field_name="type",
        many=True,
    )
    edges = EdgeOutput(many=True, help_text="The order of a node's edges is the order of its choices.")
    allow_several = serializers.BooleanField(
        required=False,
        help_text="Whether a visit may be for several services: the graph is walked once for each.",
    )


DetailOptionOutput = _shape(
    "DetailOptionOutput", value=serializers.CharField(), label=serializers.CharField()
)
DetailFieldOutput = _shape(
    "DetailFieldOutput",
    key=serializers.CharField(),
    label=serializers.CharField(),
    help_text=serializers.CharField(allow_blank=True),
    kind=serializers.ChoiceField(choices=["text", "textarea", "number", "select", "yes_no", "checkbox"]),
    required=serializers.BooleanField(),
    max_length=serializers.IntegerField(),
    options=DetailOptionOutput(many=True),
)
DetailsConfigOutput = _shape("DetailsConfigOutput", fields=DetailFieldOutput(many=True))


class TimeslotConfigOutput(Output):
    allow_resource_choice = serializers.BooleanField()
    location_id = serializers.UUIDField(
        allow_null=True, help_text="Where to book, in a flow that does not ask for a zip code."
    )
    location_name = serializers.CharField(allow_blank=True)


class CustomerFieldsOutput(Output):
    email = serializers.ChoiceField(choices=["required", "optional", "hidden"])
    address = serializers.ChoiceField(choices=["required", "optional", "hidden"])


CustomerConfigOutput = _shape(
    "CustomerConfigOutput",
    fields=CustomerFieldsOutput(),
    consent_text=serializers.CharField(allow_blank=True),
)


class SummaryConfigOutput(Output):
    policy_text = serializers.CharField(allow_blank=True)
    confirm_label = serializers.CharField(allow_null=True)


class StepOutput(Output):
    id = serializers.UUIDField()
    step_config = ContentOutput()


def _step(step_type: str, config: type[Output]) -> type[serializers.Serializer[Any]]:
    step: type[serializers.Serializer[Any]] = _shape(
        f"{step_type.title().replace('_', '')}StepOutput",
        StepOutput,
        step_type=_constant(step_type),
        type_config=config(),
    )
    return step


STEPS: dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]] = {
    "zipcode": _step("zipcode", ZipcodeConfigOutput),
    "service_selection": _step("service_selection", ServiceSelectionConfigOutput),
    "details": _step("details", DetailsConfigOutput),
    "timeslot": _step("timeslot", TimeslotConfigOutput),
    "customer": _step("customer", CustomerConfigOutput),
    "summary": _step("summary", SummaryConfigOutput),
}


class ServiceOutput(Output):
    id = serializers.UUIDField()
    content = ContentOutput()
    duration_minutes = serializers.IntegerField(min_value=1)
    price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    price_note = serializers.CharField(allow_blank=True)


class FlowOutput(Output):
    id = serializers.UUIDField()
    version_id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1)
    content = ContentOutput()
    steps = PolymorphicProxySerializer(
        component_name="FlowStep", serializers=STEPS, resource_type_field_name="step_type", many=True
    )
    services = serializers.DictField(child=ServiceOutput(), help_text="By service id.")
    categories = serializers.DictField(child=ContentOutput(), help_text="By category id.")
    icons = serializers.DictField(
        child=serializers.RegexField(PATH),
        help_text="The icons that the flow uses, by name: each the `d` of one SVG path on a 24 × 24 grid.",
    )


class ResolveOutput(Output):
    """Everything that the widget needs before its first step."""

    router = RouterOutput()
    organization = OrganizationOutput()
    scheduler_config = SchedulerConfigOutput()
    brand_kit = BrandKitOutput()
    flow = FlowOutput()


class CheckOutput(Output):
    holds = serializers.BooleanField()
    words = serializers.CharField()


class VerdictOutput(Output):
    rule_id = serializers.UUIDField()
    priority = serializers.IntegerField(min_value=1)
    is_default = serializers.BooleanField()
    conditions = serializers.CharField(help_text="What the rule looks at, in words.")
    leads_to = serializers.CharField(help_text="The titles of its flows.")
    outcome = serializers.ChoiceField(
        choices=[outcome.value for outcome in Outcome],
        help_text="wins; later: it fits, but one before it does, too; no: it does not fit; "
        "off: switched off, or no flow of it is published.",
    )
    checks = CheckOutput(many=True)


class ExplanationOutput(Output):
    """Why a page opens what it opens, rule by rule, in the order in which they are tried."""

    reason = serializers.CharField()
    flow_id = serializers.UUIDField(allow_null=True, help_text="Null: customers see the phone screen.")
    flow_title = serializers.CharField(allow_blank=True)
    config_id = serializers.UUIDField(allow_null=True)
    rules = VerdictOutput(many=True)


class NoFlowProblem(ProblemSerializer):
    """NO_FLOW brings what the widget needs to say so; NOT_FOUND (no such config_id) brings none of it."""

    reason = serializers.CharField(required=False)
    organization = OrganizationOutput(required=False)
    fallback_phone_number_screen = FallbackScreenOutput(required=False, allow_null=True)
    brand_kit = BrandKitOutput(required=False, allow_null=True)


class TriggerOutput(Output):
    selector = serializers.CharField(help_text="A CSS selector on the business's page.")
    config_id = serializers.UUIDField()


class TriggersOutput(Output):
    triggers = TriggerOutput(many=True)
