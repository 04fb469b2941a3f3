"""Logos: where they are kept, what may be one, and when a file goes.

Their storage is the alias "logos" of STORAGES: public files with addresses that stay, as every visitor's
browser fetches them. (Photos of people are in the default one, which hands out addresses for an hour.)
"""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.utils.crypto import get_random_string
from PIL import Image, UnidentifiedImageError

MAX_BYTES = 512 * 1024
# More than any screen needs; an image of a few bytes can unfold to gigabytes.
MAX_PIXELS = 4096 * 4096
ENDINGS = {"PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "WEBP": (".webp",)}
FOLDER = "brand/"


def logo_storage() -> Storage:
    """Where logos are; read from the settings each time a process asks first."""
    return storages["logos"]


def logo_name(_kit: Any, filename: str) -> str:
    """A name that nobody guesses and no second file ever has, so that browsers may keep it for good."""
    return f"{FOLDER}{get_random_string(24).lower()}{PurePath(filename).suffix.lower()}"


def check_logo(logo: File[Any]) -> None:
    """Refuse what is no picture, whatever it is called, and what would slow the widget down.

    The picture is decoded to its last pixel: a name and a first few bytes are easily made.
    Raises ValidationError.
    """
    if logo.size > MAX_BYTES:
        raise ValidationError(f"The logo may have at most {MAX_BYTES // 1024} kB.")
    ending = PurePath(str(logo.name)).suffix.lower()
    if ending not in {ending for endings in ENDINGS.values() for ending in endings}:
        raise ValidationError("Choose a PNG, JPEG or WebP file.")
    if ending not in ENDINGS[_format_of(logo)]:
        raise ValidationError(f"This is not a {ending.lstrip('.').upper()} file, although it is called one.")


def _format_of(logo: File[Any]) -> str:
    logo.seek(0)
    try:
        with Image.open(logo, formats=tuple(ENDINGS)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError("Choose a smaller picture: 1000 pixels are plenty.")
            image.load()
            return str(image.format)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError("This picture cannot be read. Export it again as a PNG.") from error
    finally:
        logo.seek(0)


def forget_logo(name: str, *, organization_id: UUID) -> None:
    """Remove a file that no kit of the business shows any more; copies of a kit share theirs."""
    from apps.flows.appearance import BrandKit  # which names this module in its fields

    if name and not BrandKit.objects.for_organization(organization_id).filter(logo=name).exists():
        logo_storage().delete(name)
