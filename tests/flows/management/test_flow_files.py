import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core.ids import new_id
from apps.flows.models import BookingFlow, FlowStatus
from apps.organizations.models import Organization
from tests.factories.availability import LocationFactory
from tests.factories.flows import whole_flow
from tests.factories.organizations import OrganizationFactory
from tests.flows.portable.support import file_with


def told(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow.json"
    path.write_bytes(file_with())
    return path


@pytest.fixture
def organization() -> Organization:
    owner: Organization = LocationFactory.create(name="Downtown").organization
    return owner


@pytest.mark.django_db
class TestExportFlow:
    def test_writes_what_import_flow_reads(self, organization: Organization, tmp_path: Path) -> None:
        path = tmp_path / "flow.json"
        path.write_text(told("export_flow", str(whole_flow().flow.id)))
        assert json.loads(path.read_text())["format"] == "wrkbelt-flow"
        told("import_flow", organization.slug, str(path))
        assert BookingFlow.objects.for_organization(organization).get().title == "Book a visit"

    def test_of_no_flow_says_so(self) -> None:
        with pytest.raises(CommandError, match="no such flow"):
            told("export_flow", str(new_id()))

    def test_of_a_deleted_flow_says_so(self) -> None:
        with pytest.raises(CommandError, match="no such flow"):
            told("export_flow", str(whole_flow(status=FlowStatus.DELETED).flow.id))


@pytest.mark.django_db
class TestImportFlow:
    def test_says_what_is_new(self, organization: Organization, file: Path) -> None:
        words = told("import_flow", organization.slug, str(file))
        flow = BookingFlow.objects.for_organization(organization).get()
        assert "new   service   Check-up" in words
        assert f"Imported “Book a plumber” as a draft: {flow.id}" in words
        assert "used  service   Check-up" in told("import_flow", organization.slug, str(file))

    def test_tried_dry_does_nothing(self, organization: Organization, file: Path) -> None:
        assert "new   question" in told("import_flow", organization.slug, str(file), "--dry-run")
        assert not BookingFlow.objects.for_organization(organization).exists()

    def test_is_told_which_location_is_meant(self, file: Path) -> None:
        here = LocationFactory.create(name="Main street").organization
        with pytest.raises(CommandError, match=r"no location “Downtown” here\..* Use --location"):
            told("import_flow", here.slug, str(file))
        with pytest.raises(CommandError, match="There is no location “Elsewhere” here"):
            told("import_flow", here.slug, str(file), "--location", "Downtown=Elsewhere")
        with pytest.raises(CommandError, match="Name in the file=Name here"):
            told("import_flow", here.slug, str(file), "--location", "Downtown")
        told("import_flow", here.slug, str(file), "--location", "Downtown=Main street")
        assert BookingFlow.objects.for_organization(here).count() == 1

    def test_names_the_place_of_what_is_wrong(self, organization: Organization, tmp_path: Path) -> None:
        path = tmp_path / "flow.json"
        path.write_bytes(file_with(flow__title=""))
        with pytest.raises(CommandError, match=r"flow\.title: String should have at least 1 character"):
            told("import_flow", organization.slug, str(path))

    def test_says_what_will_be_to_mend(self, organization: Organization, tmp_path: Path) -> None:
        path = tmp_path / "flow.json"
        path.write_bytes(file_with(steps__1__graph__edges=[]))
        assert "to mend before publishing: Nothing can be chosen" in told(
            "import_flow", organization.slug, str(path)
        )

    def test_without_an_organization_or_a_file_says_so(self, organization: Organization, file: Path) -> None:
        with pytest.raises(CommandError, match="no organization “nobody”"):
            told("import_flow", "nobody", str(file))
        with pytest.raises(CommandError, match="cannot be read"):
            told("import_flow", organization.slug, f"{file}.gone")
        assert OrganizationFactory.create().slug != organization.slug
