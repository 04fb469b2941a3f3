from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.flows.appearance import ColorMode
from apps.flows.contrast import dark_shades
from apps.flows.models import (
    BookingFlowStep,
    FlowStatus,
    FlowVersion,
    NodeType,
    ServiceSelectionNode,
    StepType,
)
from tests.factories.content import QuestionFactory
from tests.factories.flows import (
    AnswerNodeFactory,
    BrandKitFactory,
    EdgeFactory,
    FlowFactory,
    QuestionNodeFactory,
    SchedulerConfigFactory,
    ServiceNodeFactory,
    StepFactory,
    whole_flow,
)

pytestmark = pytest.mark.django_db


def check_deferred() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestBookingFlow:
    def test_is_not_published_without_a_version(self) -> None:
        with pytest.raises(IntegrityError, match="flow_is_published_with_a_version"):
            FlowFactory.create(status=FlowStatus.PUBLISHED)

    def test_shows_no_version_of_another_flow(self) -> None:
        version = whole_flow().publish()
        flow = FlowFactory.create()
        flow.mark_published(version)
        flow.save()
        with pytest.raises(IntegrityError, match="flow_shows_a_version_of_its_own"):
            check_deferred()


class TestSteps:
    def test_change_places_in_one_transaction(self) -> None:
        flow = FlowFactory.create()
        first = StepFactory.create(flow=flow, step_type=StepType.TIMESLOT, position=1)
        second = StepFactory.create(flow=flow, step_type=StepType.CUSTOMER, position=2)
        BookingFlowStep.objects.for_organization(flow.organization).filter(pk=first.pk).update(position=2)
        BookingFlowStep.objects.for_organization(flow.organization).filter(pk=second.pk).update(position=1)
        check_deferred()

    def test_never_share_a_place(self) -> None:
        flow = FlowFactory.create()
        StepFactory.create(flow=flow, step_type=StepType.TIMESLOT, position=1)
        StepFactory.create(flow=flow, step_type=StepType.CUSTOMER, position=1)
        with pytest.raises(IntegrityError, match="step_position_is_unique"):
            check_deferred()

    def test_come_once_a_kind(self) -> None:
        step = StepFactory.create()
        with pytest.raises(IntegrityError, match="step_type_once_a_flow"):
            StepFactory.create(flow=step.flow)

    def test_refuse_a_config_of_another_kind(self) -> None:
        step = StepFactory.build(
            flow=FlowFactory.create(), step_type=StepType.TIMESLOT, type_config={"areas": []}
        )
        with pytest.raises(ValidationError) as refusal:
            step.full_clean()
        assert refusal.value.message_dict == {"type_config": ["areas: Extra inputs are not permitted."]}


class TestGraphRows:
    def test_a_node_stands_for_one_thing(self) -> None:
        step = StepFactory.create()
        wrong: list[dict[str, Any]] = [
            {"node_type": NodeType.QUESTION},
            {"node_type": NodeType.SERVICE},
            {"node_type": NodeType.ANSWER},
            {
                "node_type": NodeType.QUESTION,
                "question": QuestionFactory.create(),
                "answer_title": "Also words",
            },
        ]
        for values in wrong:
            with pytest.raises(IntegrityError, match="node_stands_for_one_thing"), transaction.atomic():
                ServiceSelectionNode.objects.create(step=step, **values)

    def test_an_edge_stays_in_its_step(self) -> None:
        EdgeFactory.create(source=QuestionNodeFactory.create(), target=ServiceNodeFactory.create())
        with pytest.raises(IntegrityError, match="edge_target_in_same_step"):
            check_deferred()

    def test_two_nodes_are_connected_once(self) -> None:
        edge = EdgeFactory.create()
        with pytest.raises(IntegrityError, match="edge_once_between_two_nodes"):
            EdgeFactory.create(source=edge.source, target=edge.target)

    def test_a_node_refuses_another_businesss_content(self) -> None:
        node = QuestionNodeFactory.build(step=StepFactory.create(), question=QuestionFactory.create())
        with pytest.raises(ValidationError, match="another business"):
            node.clean()

    def test_deleting_a_step_takes_its_graph_along(self) -> None:
        edge = EdgeFactory.create()
        AnswerNodeFactory.create(step=edge.step)
        organization = edge.step.flow.organization
        edge.step.delete()
        check_deferred()
        assert not ServiceSelectionNode.objects.for_organization(organization).exists()


class TestFlowVersion:
    def test_never_changes(self) -> None:
        version = whole_flow().publish()
        versions = FlowVersion.objects.for_organization(version.organization_id)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            versions.update(number=2)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            versions.filter(pk=version.pk)._raw_delete("default")


class TestBrandKit:
    @pytest.mark.parametrize("color", ["red", "#12345", "#1234567", "123456", "#GGGGGG"])
    def test_takes_only_hex_colours(self, color: str) -> None:
        with pytest.raises(ValidationError):
            BrandKitFactory.build(organization=None, color_primary=color).clean_fields(
                exclude=["organization"]
            )

    def test_the_database_agrees(self) -> None:
        with pytest.raises(IntegrityError, match="brand_kit_colors_are_hex"):
            BrandKitFactory.create(color_muted="gray")

    @pytest.mark.parametrize("font", ["Inter; } body { display: none", "url(x)", "Inter\n", ""])
    def test_takes_no_css_in_the_font(self, font: str) -> None:
        kit = BrandKitFactory.build(organization=None, font_family=font)
        with pytest.raises(ValidationError, match="font_family"):
            kit.clean_fields(exclude=["organization"])

    def test_refuses_a_logo_that_is_no_picture(self) -> None:
        kit = BrandKitFactory.build(organization=None, logo=SimpleUploadedFile("logo.png", b"no picture"))
        with pytest.raises(ValidationError) as refusal:
            kit.clean_fields(exclude=["organization"])
        assert set(refusal.value.message_dict) == {"logo"}

    def test_refuses_what_cannot_be_read_and_names_what_can(self) -> None:
        kit = BrandKitFactory.build(organization=None, color_muted="#AAAAAA", color_primary="#FFD600")
        with pytest.raises(ValidationError) as refusal:
            kit.clean()
        assert refusal.value.message_dict == {
            "color_primary": [
                "Its contrast on the surface is 1.4, buttons and marks need 3.0. #af9300 would do."
            ],
            "color_muted": ["Its contrast on the surface is 2.3, text needs 4.5. #767676 would do."],
        }

    def test_leaves_it_to_the_fields_to_say_what_is_no_colour(self) -> None:
        BrandKitFactory.build(organization=None, color_muted="gray").clean()

    def test_wears_its_colours_or_their_dark_shades_or_both(self) -> None:
        light, dark, auto = (BrandKitFactory.build(organization=None, mode=mode) for mode in ColorMode.values)
        shades = dark_shades(light.colors())

        assert light.worn_colors() == (light.colors(), None)
        assert dark.worn_colors() == (shades, None)
        assert auto.worn_colors() == (light.colors(), shades)


class TestSchedulerConfig:
    def test_is_the_default_once(self) -> None:
        config = SchedulerConfigFactory.create(is_default=True)
        SchedulerConfigFactory.create(organization=config.organization)
        with pytest.raises(IntegrityError, match="scheduler_config_one_default"):
            SchedulerConfigFactory.create(organization=config.organization, is_default=True)

    def test_writes_the_phone_number_as_it_is_called(self) -> None:
        config = SchedulerConfigFactory.create()
        config.fallback_phone_number = "(303) 555-0142"
        config.full_clean()
        assert config.fallback_phone_number == "+13035550142"
        screen = config.fallback_screen()
        assert screen is not None
        assert screen["content"]["title"] == "Call us to book"

    def test_refuses_what_cannot_be_called(self) -> None:
        config = SchedulerConfigFactory.create()
        config.fallback_phone_number = "call me"
        with pytest.raises(ValidationError, match="cannot be called"):
            config.clean()
        with pytest.raises(IntegrityError, match="scheduler_config_fallback_is_whole"):
            config.save()

    def test_has_no_fallback_screen_without_a_number(self) -> None:
        assert SchedulerConfigFactory.create().fallback_screen() is None

    def test_refuses_another_businesss_brand_kit(self) -> None:
        config = SchedulerConfigFactory.build(
            organization=BrandKitFactory.create().organization, brand_kit=BrandKitFactory.create()
        )
        with pytest.raises(ValidationError, match="another business"):
            config.clean()
