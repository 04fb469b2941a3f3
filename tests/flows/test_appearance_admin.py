"""Brand kits and widgets in the back office."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.audit.models import AuditEntry
from apps.flows.models import BrandKit, SchedulerConfig
from apps.organizations.models import ApiKey, Role
from tests.factories.backoffice import Business, whole_business
from tests.factories.flows import BrandKitFactory, SchedulerConfigFactory
from tests.widget_client import WidgetClient

pytestmark = pytest.mark.django_db
ADD = "/admin/flows/brandkit/add/"


@pytest.fixture
def acme(settings: LazySettings, tmp_path: Path) -> Business:
    settings.MEDIA_ROOT = tmp_path
    return whole_business()


def kit_of(business: Business) -> BrandKit:
    return BrandKit.objects.for_organization(business.organization).get()


def config_of(business: Business) -> SchedulerConfig:
    return SchedulerConfig.objects.for_organization(business.organization).get()


def url(row: BrandKit | SchedulerConfig, page: str = "change") -> str:
    return f"/admin/flows/{row._meta.model_name}/{row.pk}/{page}/"


def form_of(kit: BrandKit, **fields: Any) -> dict[str, Any]:
    colors = {f"color_{name}": color for name, color in kit.colors().items()}
    shape = {"radius_px": kit.radius_px, "font_family": kit.font_family, "mode": kit.mode}
    return {"name": kit.name, **colors, **shape, **fields}


def picture(kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 4), "#0b5563").save(made, kind)
    return made.getvalue()


def resolved(business: Business) -> Any:
    page = {"url": "https://www.example.com/"}
    return WidgetClient(business.organization).post("/v1/booking-flow-routers/resolve", page).json()


class TestColors:
    def test_show_on_the_site_at_once(self, acme: Business) -> None:
        kit = kit_of(acme)
        assert resolved(acme)["brand_kit"]["colors"]["primary"] == kit.color_primary

        acme.client().post(url(kit), form_of(kit, color_primary="#7a1fa2", radius_px="28"))

        brand = resolved(acme)["brand_kit"]
        assert (brand["colors"]["primary"], brand["radius_px"]) == ("#7a1fa2", 28)

    def test_that_cannot_be_read_are_refused_with_what_could(self, acme: Business) -> None:
        kit = kit_of(acme)

        answer = acme.client().post(url(kit), form_of(kit, color_muted="#aaaaaa"))

        assert "2.3, text needs 4.5. #767676 would do." in answer.content.decode()
        assert kit_of(acme).color_muted == kit.color_muted

    def test_get_dark_shades_where_the_visitors_device_is_dark(self, acme: Business) -> None:
        kit = kit_of(acme)

        acme.client().post(url(kit), form_of(kit, mode="auto"))

        brand = resolved(acme)["brand_kit"]
        assert brand["colors"] == kit.colors()
        assert brand["dark_colors"]["surface"] == "#121821"


class TestLogo:
    def save(self, business: Business, name: str, contents: bytes, **fields: Any) -> Any:
        kit = kit_of(business)
        logo = SimpleUploadedFile(name, contents, content_type="text/html")
        return business.client().post(url(kit), form_of(kit, logo=logo, **fields))

    def test_is_shown_by_its_whole_address(self, acme: Business) -> None:
        self.save(acme, "Logo.PNG", picture())

        address = resolved(acme)["brand_kit"]["logo_url"]
        assert address.startswith("http://testserver/media/brand/")
        assert acme.client().get(address)["Content-Type"] == "image/png"

    def test_that_is_no_picture_is_refused(self, acme: Business) -> None:
        answer = self.save(acme, "logo.png", b"<html><script>alert(1)</script></html>")

        assert "This picture cannot be read." in answer.content.decode()
        assert kit_of(acme).logo.name == ""

    def test_goes_when_it_is_replaced(
        self, acme: Business, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        self.save(acme, "one.png", picture())
        first = tmp_path / str(kit_of(acme).logo)
        assert first.exists()

        with django_capture_on_commit_callbacks(execute=True):
            self.save(acme, "two.webp", picture("WEBP"))

        assert not first.exists()
        assert (tmp_path / str(kit_of(acme).logo)).exists()

    def test_goes_when_it_is_taken_away(
        self, acme: Business, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        self.save(acme, "one.png", picture())
        kit = kit_of(acme)

        with django_capture_on_commit_callbacks(execute=True):
            acme.client().post(url(kit), form_of(kit, **{"logo-clear": "on"}))

        assert kit_of(acme).logo.name == ""
        assert list((tmp_path / "brand").iterdir()) == []


class TestUse:
    def test_is_said_on_the_page(self, acme: Business) -> None:
        page = acme.client().get(url(kit_of(acme))).content.decode()

        assert url(config_of(acme)) in page
        assert "Acme widget" in page

    def test_keeps_a_kit_from_being_deleted_and_says_where(self, acme: Business) -> None:
        answer = acme.client().post(url(kit_of(acme), "delete"), {"post": "yes"}, follow=True)

        assert "“Acme widget” wears this brand. Give it another first." in answer.content.decode()
        assert BrandKit.objects.for_organization(acme.organization).count() == 1

    def test_by_nobody_lets_it_go(self, acme: Business) -> None:
        unused = BrandKitFactory.create(organization=acme.organization)

        acme.client().post(url(unused, "delete"), {"post": "yes"})

        assert not BrandKit.objects.filter(pk=unused.pk).exists()


class TestDuplicate:
    def test_looks_the_same_and_is_worn_by_nobody(self, acme: Business) -> None:
        BrandKit.objects.update(color_primary="#7a1fa2", mode="auto", logo="brand/shared.png")

        acme.client().post(url(kit_of(acme), "duplicate"), {"_form_submitted": "1"})

        twin = BrandKit.objects.get(name="Copy of Acme looks")
        assert (twin.color_primary, twin.mode, twin.logo.name) == ("#7a1fa2", "auto", "brand/shared.png")
        assert twin.scheduler_configs.count() == 0
        assert AuditEntry.objects.filter(action="flows.brandkit.duplicated", subject_id=twin.pk).exists()

    def test_does_not_reach_another_business(self, acme: Business) -> None:
        other = BrandKitFactory.create()

        acme.client().post(url(other, "duplicate"), {"_form_submitted": "1"})

        assert BrandKit.objects.for_organization(other.organization).count() == 1


class TestWidgets:
    def form(self, business: Business, **fields: Any) -> dict[str, Any]:
        kit = kit_of(business)
        return {
            "name": "Kiosk",
            "brand_kit": str(kit.pk),
            "target_click_elements": "#book-now\n.book-online",
            "fallback_phone_number": "(303) 555-0142",
            "fallback_title": "Call us",
            "fallback_description": "",
            "fallback_icon": "phone",
            **fields,
        }

    def test_take_selectors_one_a_line(self, acme: Business) -> None:
        acme.client().post("/admin/flows/schedulerconfig/add/", self.form(acme))

        config = SchedulerConfig.objects.get(name="Kiosk")
        assert config.target_click_elements == ["#book-now", ".book-online"]
        assert config.fallback_phone_number == "+13035550142"

    def test_refuse_what_is_no_selector(self, acme: Business) -> None:
        wrong = self.form(acme, target_click_elements="#book-now\n..oops")

        answer = acme.client().post("/admin/flows/schedulerconfig/add/", wrong)

        assert "“..oops” is not a CSS selector." in answer.content.decode()
        assert not SchedulerConfig.objects.filter(name="Kiosk").exists()

    def test_the_first_is_the_default_and_another_only_when_it_is_made(self, acme: Business) -> None:
        first = config_of(acme)
        SchedulerConfig.objects.all().delete()
        client = acme.client()

        client.post("/admin/flows/schedulerconfig/add/", self.form(acme, name=first.name))
        client.post("/admin/flows/schedulerconfig/add/", self.form(acme))
        first, kiosk = SchedulerConfig.objects.order_by("created_at")
        assert (first.is_default, kiosk.is_default) == (True, False)

        client.post(url(kiosk, "make-default"), {"_form_submitted": "1"})
        first, kiosk = SchedulerConfig.objects.order_by("created_at")
        assert (first.is_default, kiosk.is_default) == (False, True)
        entry = AuditEntry.objects.get(action="flows.schedulerconfig.made_default")
        assert (entry.old["name"], entry.new["name"]) == (first.name, "Kiosk")

    def test_make_default_does_not_reach_another_business(self, acme: Business) -> None:
        other = SchedulerConfigFactory.create()

        acme.client().post(url(other, "make-default"), {"_form_submitted": "1"})

        other.refresh_from_db()
        assert not other.is_default


class TestEmbedding:
    def test_the_default_needs_no_name(self, acme: Business) -> None:
        key = ApiKey.objects.for_organization(acme.organization).get()
        SchedulerConfig.objects.update(is_default=True)

        page = acme.client().get(url(config_of(acme))).content.decode()

        assert f'data-api-key="{key.publishable_token}"' in page
        assert "http://testserver/scheduler.js" in page
        assert "data-config-id=" not in page
        assert "https://www.example.com" in page

    def test_another_widget_names_itself(self, acme: Business) -> None:
        kiosk = SchedulerConfigFactory.create(organization=acme.organization, name="Kiosk")

        page = acme.client().get(url(kiosk)).content.decode()

        assert f'data-config-id="{kiosk.pk}"' in page

    def test_without_a_key_the_way_to_one_is_shown(self, acme: Business) -> None:
        ApiKey.objects.all().delete()

        assert "/admin/organizations/apikey/add/" in acme.client().get(url(config_of(acme))).content.decode()

    def test_no_other_business_s_key_is_shown(self, acme: Business) -> None:
        globex = whole_business("Globex")
        key = ApiKey.objects.for_organization(globex.organization).get()

        page = acme.client().get(url(config_of(acme))).content.decode()

        assert key.publishable_token not in page

    def test_is_not_for_the_front_desk(self, acme: Business) -> None:
        assert acme.client(Role.FRONTDESK).get(url(config_of(acme))).status_code == 403
