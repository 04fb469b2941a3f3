"""A step's own page: its words, and its settings as real fields. A graph is edited in its own editor."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from pydantic import ValidationError as ShapeError

from apps.availability.models import Location
from apps.backoffice.graph_outline import outline_of
from apps.backoffice.step_forms import SETTINGS, locations_by_id
from apps.content.types import in_words
from apps.core.clock import app_now
from apps.flows.documents import draft_of
from apps.flows.models import BookingFlowStep, StepType
from apps.flows.types import dump_step_config, parse_step_config
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import TenantAdmin, TenantModelForm


class StepForm(TenantModelForm):
    """A step's words, and the settings of its kind."""

    class Meta:
        model = BookingFlowStep
        fields: ClassVar = ["title", "description", "icon"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settings = SETTINGS[self.instance.step_type]
        locations = Location.objects.for_organization(self.instance.flow.organization_id)
        self.locations = locations_by_id(list(locations.values_list("id", "name")))
        self.initial.update(self.settings.initial(self.instance.type_config))
        # `fields` is bound here and not on the class: which there are depends on the step.
        self.setting_names: list[str] = []
        for name, field in self.settings.fields(self.locations).items():
            field.initial = self.initial.get(name)
            self.fields[name] = field
            self.setting_names.append(name)

    def clean(self) -> dict[str, Any]:
        """Bring the settings into the step's shape."""
        cleaned = super().clean()
        if any(name in self.errors for name in self.setting_names):
            return cleaned
        before = self.instance.type_config
        config = self.settings.config(cleaned, before, self.locations)
        try:
            typed = parse_step_config(self.instance.step_type, config)
        except ShapeError as error:
            for words in in_words(error):
                self.add_error(None, words)
            return cleaned
        self.instance.type_config = dump_step_config(typed)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # Checked above, where there is a field to say what is wrong.
        return {*super()._get_validation_exclusions(), "type_config"}


@admin.register(BookingFlowStep)
class StepAdmin(TenantAdmin):
    """Reached from its flow; the list leads there too."""

    area = Area.CATALOGUE
    form = StepForm
    list_display = ("title", "flow", "step_type", "position")
    list_select_related = ("flow",)
    search_fields = ("title", "flow__title")
    change_form_outer_before_template = "backoffice/step_status.html"
    ordering = ("flow", "position")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Steps are added on their flow's page."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the flow, which says whose it is."""
        return super().get_queryset(request).select_related("flow__organization")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The words; then the settings of this kind of step."""
        fieldsets: list[Any] = [("What customers read", {"fields": ["title", "description", "icon"]})]
        names = list(SETTINGS[obj.step_type].fields({})) if obj else []
        if names:
            fieldsets.append(("What this step does", {"fields": names}))
        return fieldsets

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Ask the model for its own fields only: the settings are no columns."""
        kwargs["fields"] = ["title", "description", "icon"]
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: BookingFlowStep, form: Any, change: Any) -> None:
        """The step, and that its flow's draft has changed."""
        super().save_model(request, obj, form, change)
        obj.flow.mark_draft_changed(app_now())
        obj.flow.save(update_fields=["draft_changed_at", "updated_at"])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what is wrong with this step, and the graph as customers walk it."""
        step = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if step is not None:
            problems = [problem for problem in draft_of(step.flow).problems if problem.step_id == step.pk]
            context |= {"step": step, "step_problems": problems}
            if step.step_type == StepType.SERVICE_SELECTION:
                context["outline"] = outline_of(step)
        return super().change_view(request, object_id, form_url, context)

    def response_post_save_change(self, request: HttpRequest, obj: BookingFlowStep) -> HttpResponseRedirect:
        """Back to the flow."""
        return HttpResponseRedirect(reverse("admin:flows_bookingflow_change", args=[obj.flow_id]))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Steps are taken out on their flow's page."""
        return False
