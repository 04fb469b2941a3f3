"""A routing rule as a form: conditions and flows as rows that read like sentences."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.availability.admin.saving import CommandForm
from apps.backoffice.rows import RowsField
from apps.flows.models import BookingFlow, FlowStatus
from apps.organizations.tenant_admin import is_new
from apps.routing.models import BookingFlowRouter, PathMatch
from apps.routing.patterns import UTM
from apps.routing.values import MAX_NAME_LENGTH, MAX_VALUE_LENGTH, MAX_WEIGHT, RuleValues, Share

OTHER = ""
PARAMETERS = [
    *((name, f"{name} (a campaign’s {name.removeprefix('utm_')})") for name in UTM),
    (OTHER, "another parameter:"),
]


class ConditionRow(forms.Form):
    """“utm_source is google.”"""

    parameter = forms.ChoiceField(
        choices=PARAMETERS,
        required=False,
        initial=UTM[0],
        label="The address has",
        widget=UnfoldAdminSelectWidget,
    )
    other = forms.CharField(
        required=False,
        max_length=MAX_NAME_LENGTH,
        label="named",
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "gclid"}),
        help_text="Only for another parameter.",
    )
    value = forms.CharField(
        max_length=MAX_VALUE_LENGTH,
        label="and its value is",
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "google"}),
        help_text="Exactly so; * for any value.",
    )

    def has_changed(self) -> bool:
        """A row in which nothing was typed is none."""
        return bool(self["value"].value() or self["other"].value())

    def clean(self) -> dict[str, Any]:
        """The parameter's name and its value. Raises ValidationError without a name."""
        cleaned = super().clean() or self.cleaned_data
        name = cleaned.get("parameter") or (cleaned.get("other") or "").strip()
        if not name:
            self.add_error("other", "Which parameter?")
        return {**cleaned, "name": name}


class FlowRow(forms.Form):
    """Another flow, and its share."""

    flow = forms.ChoiceField(label="Some visitors get", widget=UnfoldAdminSelectWidget)
    weight = forms.IntegerField(
        min_value=1,
        max_value=MAX_WEIGHT,
        initial=1,
        label="Share",
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Beside the others’: 1 and 1 are halves, 3 and 1 are three quarters and one.",
    )

    def __init__(self, *args: Any, flows: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["flow"].choices = [("", "Choose a flow"), *flows.items()]  # type: ignore[attr-defined]  # a choice field

    def has_changed(self) -> bool:
        """A row without a flow is none."""
        return bool(self["flow"].value())


class RouterForm(CommandForm):
    """A rule. What its conditions may be is decided by the command, in the same words as everywhere."""

    conditions = RowsField(
        ConditionRow,
        add_label="Add a condition",
        label="And only where",
        help_text="Every condition must hold. Of a parameter that comes twice the first value counts.",
    )
    variants = RowsField(
        FlowRow, add_label="Split visitors between flows", form_kwargs={"flows": {}}, label="Or"
    )

    field_of_code: ClassVar = {
        "ROUTING_CONFLICT": "priority",
        "ROUTING_DEFAULT_TAKEN": "is_default",
    }

    class Meta:
        model = BookingFlowRouter
        exclude: ClassVar[list[str]] = ["query"]
        labels: ClassVar = {
            "path_match": "The page",
            "path": "Path",
            "scheduler_config": "In which widget",
            "flow": "Open this flow",
            "weight": "Share",
            "is_default": "Default",
            "active": "In use",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        router = self.instance
        if not is_new(router):
            self.initial["conditions"] = [_condition_row(*one) for one in sorted(router.query.items())]
            self.initial["variants"] = [
                {"flow": str(variant.flow_id), "weight": variant.weight} for variant in router.variants.all()
            ]
        widget: Any = self.fields["variants"].widget
        widget.form_kwargs = {"flows": self._flows()}
        if not self.is_bound and "priority" in self.fields and is_new(router):
            self.initial.setdefault("priority", self._next_priority())

    def _flows(self) -> dict[str, str]:
        if self._owner() is None:
            return {}
        flows = BookingFlow.objects.for_organization(self._owner()).exclude(status=FlowStatus.DELETED)
        return {str(flow.pk): flow.title for flow in flows.order_by("title")}

    def _next_priority(self) -> int:
        """After all others."""
        rules = BookingFlowRouter.objects.for_organization(self._owner()) if self._owner() else None
        last = None if rules is None else rules.filter(is_default=False).order_by("-priority").first()
        return 1 if last is None else min(last.priority + 1, 10_000)

    def _owner(self) -> Any:
        return self.tenant_id or self.instance.organization_id

    def clean(self) -> dict[str, Any]:
        """A default looks at nothing, and a path that fits any page is empty: what was hidden is not sent."""
        cleaned = super().clean()
        if cleaned.get("is_default"):
            cleaned |= {
                "path_match": PathMatch.ANY,
                "conditions": [],
                "priority": cleaned.get("priority") or 100,
            }
        if cleaned.get("path_match") == PathMatch.ANY:
            cleaned["path"] = ""
        cleaned["path"] = (cleaned.get("path") or "").strip()
        return cleaned

    def values(self) -> RuleValues:
        """What was typed, for the command."""
        said = self.cleaned_data
        config = said.get("scheduler_config")
        others = [Share(UUID(row["flow"]), row["weight"]) for row in said.get("variants") or []]
        return RuleValues(
            shares=[Share(said["flow"].pk, said.get("weight") or 1), *others],
            priority=said["priority"],
            path_match=said["path_match"],
            path=said["path"],
            query={row["name"]: row["value"] for row in said.get("conditions") or []},
            scheduler_config_id=config.pk if config else None,
            is_default=said["is_default"],
            active=said["active"],
        )


def _condition_row(name: str, value: str) -> dict[str, str]:
    known = name in UTM
    return {"parameter": name if known else OTHER, "other": "" if known else name, "value": value}
