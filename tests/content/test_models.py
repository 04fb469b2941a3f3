from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.content.models import AnswerType, BookingQuestionAnswer, BookingService, VendorType
from tests.factories.content import (
    AnswerCategoryFactory,
    AnswerFactory,
    QuestionFactory,
    ServiceAnswerFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db


class TestBookingService:
    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"duration_minutes": 0}, "service_takes_between_a_minute_and_30_days"),
            ({"duration_minutes": 43_201}, "service_takes_between_a_minute_and_30_days"),
            ({"price": Decimal("-0.01")}, "service_price_not_below_zero"),
            ({"currency": "usd"}, "service_currency_is_three_letters"),
            ({"buffer_after_minutes": 1441}, "service_buffers_at_most_a_day"),
            ({"vendor_type": "acme"}, "service_vendor_is_known"),
            ({"vendor_sync_status": "synced"}, "service_of_our_own_has_no_sync"),
            ({"title": ""}, "service_has_a_title"),
        ],
    )
    def test_the_database_refuses(self, values: dict[str, Any], constraint: str) -> None:
        with pytest.raises(IntegrityError, match=constraint):
            ServiceFactory.create(**values)

    @pytest.mark.parametrize("minutes", [1, 43_200])
    def test_takes_from_a_minute_to_thirty_days(self, minutes: int) -> None:
        assert ServiceFactory.create(duration_minutes=minutes).duration_minutes == minutes

    def test_types_the_vendors_data(self) -> None:
        service = ServiceFactory.create(
            vendor_type=VendorType.SERVICETITAN, vendor_data={"business_unit_id": 7}
        )
        service.full_clean()
        data = service.typed_vendor_data()
        assert data.model_dump() == {
            "business_unit_id": 7,
            "campaign_id": None,
            "priority": "Normal",
            "tag_type_ids": [],
        }

    @pytest.mark.parametrize(
        "data", [{"business_unit_id": "seven"}, {"unknown": 1}, {"priority": "Whenever"}, [1]]
    )
    def test_refuses_vendor_data_of_another_shape(self, data: Any) -> None:
        service = ServiceFactory.build(vendor_type=VendorType.SERVICETITAN, vendor_data=data)
        with pytest.raises(ValidationError) as refusal:
            service.clean()
        assert "vendor_data" in refusal.value.message_dict

    def test_is_found_by_its_own_organization_only(self) -> None:
        service = ServiceFactory.create()
        other = ServiceFactory.create()
        assert list(BookingService.objects.for_organization(service.organization)) == [service]
        assert list(BookingService.objects.for_organization(other.organization_id).active()) == [other]


class TestBookingQuestion:
    def test_has_a_name_that_is_unique_in_its_organization(self) -> None:
        question = QuestionFactory.create(unique_name="heating-or-cooling")
        QuestionFactory.create(unique_name="heating-or-cooling")
        with pytest.raises(IntegrityError, match="question_name_is_unique"):
            QuestionFactory.create(organization=question.organization, unique_name="heating-or-cooling")


class TestBookingQuestionAnswer:
    def test_a_service_answer_needs_a_service(self) -> None:
        with pytest.raises(IntegrityError, match="answer_names_a_service_if_it_is_one"):
            AnswerFactory.create(type=AnswerType.SERVICE_REFERENCE)

    def test_a_text_answer_has_none(self) -> None:
        with pytest.raises(IntegrityError, match="answer_names_a_service_if_it_is_one"):
            ServiceAnswerFactory.create(type=AnswerType.TEXT, title="Words")

    def test_a_text_answer_has_words(self) -> None:
        with pytest.raises(IntegrityError, match="answer_in_words_has_words"):
            AnswerFactory.create(title="")

    def test_shows_the_service_where_it_says_nothing_itself(self) -> None:
        service = ServiceFactory.create(title="Tune-up", description="Once a year.", icon="wrench")
        question = QuestionFactory.create(organization=service.organization)
        answer = ServiceAnswerFactory.create(question=question, service=service, description="In spring.")
        assert answer.content() == {"title": "Tune-up", "description": "In spring.", "icon": "wrench"}
        assert str(answer) == "Tune-up"

    def test_refuses_another_businesss_service_and_category(self) -> None:
        answer = AnswerFactory.build(
            question=QuestionFactory.create(), category=AnswerCategoryFactory.create()
        )
        with pytest.raises(ValidationError, match="another business"):
            answer.clean()
        answer = ServiceAnswerFactory.build(
            question=QuestionFactory.create(), service=ServiceFactory.create()
        )
        with pytest.raises(ValidationError, match="another business"):
            answer.clean()

    def test_is_found_by_its_questions_organization_only(self) -> None:
        answer = AnswerFactory.create()
        AnswerFactory.create()
        found = BookingQuestionAnswer.objects.for_organization(answer.question.organization)
        assert list(found) == [answer]
