"""Questions with their answers, and the headings that answers stand under."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from apps.content.admin.shared import ContentAdmin
from apps.content.models import BookingAnswerCategory, BookingQuestion, BookingQuestionAnswer
from apps.content.uses import uses_of
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import TenantStackedInline, belongs_by, is_new

belongs_by(BookingQuestionAnswer, "question__organization_id")


def refuse_used_answer(form: Any) -> None:
    """An answer that a flow shows stays; said in words, where Django would list nodes."""
    if is_new(form.instance) or not form.data.get(form.add_prefix("DELETE")):
        return
    uses = [use for use in uses_of([form.instance])[form.instance.pk] if use.keeps]
    if uses:
        places = "; ".join(str(use) for use in uses)
        raise ValidationError(
            f"“{form.instance}” can't be removed, it is used: {places}. Take it out there first."
        )


class AnswerInline(TenantStackedInline):
    """The possible answers, on the question's page, in the order of showing."""

    area = Area.CATALOGUE
    model = BookingQuestionAnswer
    verbose_name = "answer"
    verbose_name_plural = "Answers, in the order in which customers see them (drag to move)"
    collapsible = True
    hide_title = False
    ordering_field = "sort_order"
    hide_ordering_field = True
    fields = ("type", ("service", "category"), ("title", "icon"), "description", "sort_order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BookingQuestionAnswer]:
        """With the services whose names the answers show."""
        return (
            super().get_queryset(request).select_related("service", "question").order_by("sort_order", "id")
        )

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Forms that say why an answer stays."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = type("AnswerForm", (formset.form,), {"hand_clean_DELETE": refuse_used_answer})
        return formset


@admin.register(BookingQuestion)
class QuestionAdmin(ContentAdmin):
    """Questions that flows can ask."""

    empty_title = "No questions yet"
    empty_text = "Questions lead customers to the right service, such as “Gas or electric?”."
    list_display = ("title", "unique_name", "answer_count", "used_in")
    search_fields = ("title", "unique_name", "answers__title")
    inlines: ClassVar = [AnswerInline]
    prepopulated_fields: ClassVar = {"unique_name": ["title"]}
    fieldsets = (
        ("What customers see", {"fields": ["title", "help_text", "description", "icon"]}),
        ("For yourself", {"fields": ["unique_name"]}),
    )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only while it is new: reports go by this name."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of answers."""
        questions: QuerySet[Any] = super().get_queryset(request)
        return cast("QuerySet[Any]", questions.annotate(answers_total=Count("answers", distinct=True)))

    def uses_context(self, row: Any) -> dict[str, Any]:
        """The question's own uses, and those of each of its answers."""
        answers = list(row.answers.select_related("service", "question").order_by("sort_order", "id"))
        found = uses_of(answers)
        return {
            "uses": uses_of([row])[row.pk],
            "used_parts": [(answer, found[answer.pk]) for answer in answers],
        }

    @admin.display(description="Answers", ordering="answers_total")
    def answer_count(self, question: Any) -> int:
        """How many there are to choose from."""
        return int(question.answers_total)


@admin.register(BookingAnswerCategory)
class AnswerCategoryAdmin(ContentAdmin):
    """Headings under which answers stand together."""

    empty_title = "No headings yet"
    empty_text = "Answers can stand under headings, such as “Heating” and “Plumbing”."
    list_display = ("title", "description", "answer_count", "used_in")
    search_fields = ("title", "description")
    fieldsets = (("What customers see", {"fields": ["title", "description", "icon"]}),)

    @admin.display(description="Answers")
    def answer_count(self, category: Any) -> int:
        """How many stand under it."""
        return len([use for use in category.uses if use.kind == "Answer"])
