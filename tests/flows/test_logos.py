"""Logos: pictures only, whatever they are called; on this machine or in S3, with addresses that stay."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from moto import mock_aws
from PIL import Image

from apps.flows.appearance import BrandKit
from apps.flows.logos import MAX_BYTES, check_logo, forget_logo, logo_name, logo_storage
from apps.organizations.models import Organization
from scheduler_project.settings.uploads import s3_logos
from tests.factories.flows import BrandKitFactory, SchedulerConfigFactory, whole_flow
from tests.widget_client import WidgetClient

BUCKET = "wrkbelt-uploads"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 4)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#0b5563").save(made, kind)
    return made.getvalue()


def upload(name: str = "logo.png", contents: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if contents is None else contents)


class TestWhatMayBeOne:
    @pytest.mark.parametrize(
        ("name", "kind"), [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.webp", "WEBP")]
    )
    def test_pictures(self, name: str, kind: str) -> None:
        logo = upload(name, picture(kind))

        check_logo(logo)

        assert logo.tell() == 0  # what is read after this is the whole of it

    @pytest.mark.parametrize(
        ("name", "contents"),
        [
            ("logo.svg", b"<svg onload='alert(1)'/>"),
            ("logo.gif", picture("GIF")),
            ("logo", picture()),
            ("logo.png.html", picture()),
        ],
    )
    def test_nothing_by_another_ending(self, name: str, contents: bytes) -> None:
        with pytest.raises(ValidationError, match="PNG, JPEG or WebP"):
            check_logo(upload(name, contents))

    @pytest.mark.parametrize(
        "contents",
        [
            b"<html><script>alert(1)</script></html>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
            picture()[:-30],
            picture("GIF"),
            picture("BMP"),
            b"",
        ],
        ids=["html", "svg", "a png's first bytes", "half a png", "gif", "bmp", "nothing"],
    )
    def test_nothing_in_disguise(self, contents: bytes) -> None:
        with pytest.raises(ValidationError, match="cannot be read"):
            check_logo(upload("logo.png", contents))

    def test_no_picture_by_another_pictures_name(self) -> None:
        with pytest.raises(ValidationError, match="This is not a PNG file"):
            check_logo(upload("logo.png", picture("JPEG")))

    def test_nothing_large(self) -> None:
        with pytest.raises(ValidationError, match="at most 512 kB"):
            check_logo(upload(contents=picture() + b"0" * MAX_BYTES))

    def test_nothing_that_unfolds_to_gigabytes(self) -> None:
        bomb = picture(size=(20_000, 20_000))
        assert len(bomb) > MAX_BYTES or len(bomb) > 0

        with pytest.raises(ValidationError):
            check_logo(upload(contents=bomb))


def test_names_are_never_used_twice() -> None:
    names = {logo_name(None, "../../Logo.PNG") for _ in range(20)}

    assert len(names) == 20
    assert all(name.startswith("brand/") and name.endswith(".png") and ".." not in name for name in names)


@pytest.fixture
def in_a_folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def bucket(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Production's storage of logos, on an S3 that lives in this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    settings.AWS_STORAGE_BUCKET_NAME = BUCKET
    settings.AWS_S3_REGION_NAME = "us-east-1"
    settings.STORAGES = {**settings.STORAGES, "logos": s3_logos()}
    field = BrandKit._meta.get_field("logo")
    with mock_aws():
        monkeypatch.setattr(field, "storage", storages["logos"])
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def kit_with_logo(**kit: Any) -> Any:
    return BrandKitFactory.create(logo=upload(), **kit)


@pytest.mark.django_db
class TestInAFolder:
    @pytest.mark.usefixtures("in_a_folder")
    def test_is_served_as_a_picture_and_as_nothing_else(self) -> None:
        kit = kit_with_logo()

        answer = Client().get(f"/media/{kit.logo.name}")

        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "immutable" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content) == picture()  # type: ignore[attr-defined]  # a file's

    @pytest.mark.usefixtures("in_a_folder")
    def test_nothing_above_the_folder_is_served(self) -> None:
        assert Client().get("/media/brand/..%2F..%2Fmanage.py").status_code == 404

    def test_goes_when_no_kit_shows_it_any_more(self, in_a_folder: Path) -> None:
        kit = kit_with_logo()
        name = kit.logo.name
        copy = BrandKitFactory.create(organization=kit.organization, logo=name)

        forget(kit, name)
        assert (in_a_folder / name).exists()

        kit.delete()
        copy.delete()
        forget(kit, name)
        assert not (in_a_folder / name).exists()


@pytest.mark.django_db
class TestInS3:
    def test_has_a_public_address_that_stays(self, bucket: Any) -> None:
        name = logo_storage().save(logo_name(None, "logo.png"), ContentFile(picture()))

        url = logo_storage().url(name)

        assert url == f"https://{BUCKET}.s3.amazonaws.com/{name}"
        stored = bucket.get_object(Bucket=BUCKET, Key=name)
        assert stored["Body"].read() == picture()
        assert stored["ContentType"] == "image/png"
        assert stored["CacheControl"] == "public, max-age=31536000, immutable"

    @pytest.mark.usefixtures("bucket")
    def test_can_stand_behind_a_cdn(self, settings: LazySettings) -> None:
        settings.STORAGES = {**settings.STORAGES, "logos": s3_logos(domain="logos.example.com")}

        assert storages["logos"].url("brand/a.png") == "https://logos.example.com/brand/a.png"

    def test_is_named_by_resolve_and_removed_when_replaced(self, bucket: Any) -> None:
        flow = whole_flow()
        flow.publish()
        kit = kit_with_logo(organization=flow.flow.organization)
        SchedulerConfigFactory.create(organization=flow.flow.organization, brand_kit=kit, is_default=True)

        assert resolved_logo(flow.flow.organization) == f"https://{BUCKET}.s3.amazonaws.com/{kit.logo.name}"

        before = kit.logo.name
        kit.logo = ""
        kit.save()
        forget(kit, before)
        assert bucket.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def forget(kit: Any, name: str) -> None:
    forget_logo(name, organization_id=kit.organization_id)


def resolved_logo(organization: Organization) -> Any:
    url = {"url": "https://www.example.com/"}
    answer = WidgetClient(organization).post("/v1/booking-flow-routers/resolve", url)
    return answer.json()["brand_kit"]["logo_url"]
