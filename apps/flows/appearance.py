"""BrandKit and SchedulerConfig (seed 000 §4.1): live, not frozen with a flow's version.

Django knows them through apps/flows/models.py.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from apps.core.icons import current_name, icon_path, validate_icon
from apps.core.models import BaseModel
from apps.core.phones import InvalidPhone, to_e164
from apps.core.querysets import TenantQuerySet
from apps.flows import contrast
from apps.flows.logos import check_logo, logo_name, logo_storage
from apps.flows.selectors import selector_problem
from apps.organizations.models import Organization

HEX_COLOR = r"^#[0-9a-fA-F]{6}$"
MOST_ROUND = 32
COLOR_NAMES = ("primary", "secondary", "accent", "surface", "text", "muted", "danger", "success")


def _color(default: str, help_text: str) -> "models.CharField[str, str]":
    return models.CharField(
        max_length=7,
        default=default,
        validators=[RegexValidator(HEX_COLOR, "Write the colour as in #1F6FEB.")],
        help_text=help_text,
    )


class ColorMode(models.TextChoices):
    """On which ground the widget stands. What is dark is made from the kit (contrast.dark_shades)."""

    LIGHT = "light", "Light"
    DARK = "dark", "Dark"
    AUTO = "auto", "As the visitor’s device has it"


class BrandKit(BaseModel):
    """How the widget looks. One kit can serve several widgets."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="brand_kits")
    name = models.CharField(max_length=80, help_text="For yourself, such as “Summer 2026”.")
    # No SVG: it can carry scripts, and we may serve the file from our own origin.
    logo = models.FileField(
        upload_to=logo_name,
        storage=logo_storage,
        blank=True,
        validators=[check_logo],
        help_text="PNG, JPEG or WebP, at most 512 kB. A wide one is shown 28 pixels high.",
    )
    color_primary = _color("#1F4E8C", "Buttons, links, and what is chosen.")
    color_secondary = _color("#4A5B73", "The words of second-choice buttons.")
    color_accent = _color("#C2410C", "Small marks, such as on days with few times left.")
    color_surface = _color("#FFFFFF", "The ground that everything stands on.")
    color_text = _color("#16202E", "Titles and text.")
    color_muted = _color("#5B6778", "Less important text.")
    color_danger = _color("#B42318", "Errors.")
    color_success = _color("#177245", "What went well.")
    radius_px = models.PositiveSmallIntegerField(
        default=12, validators=[MaxValueValidator(MOST_ROUND)], help_text="How round corners are, in pixels."
    )
    font_family = models.CharField(
        max_length=200,
        default="system-ui, sans-serif",
        validators=[RegexValidator(r"^[\w ,'\"-]+\Z", "Write fonts as in “Inter, sans-serif”.")],
        help_text="As in CSS. The widget loads no fonts: your site’s own are used if they are there.",
    )
    mode = models.CharField(
        max_length=8,
        choices=ColorMode.choices,
        default=ColorMode.LIGHT,
        help_text="The dark shades are made from your colours, and can always be read.",
    )

    objects = TenantQuerySet["BrandKit"].as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(*[(f"color_{name}__regex", HEX_COLOR) for name in COLOR_NAMES]),
                name="brand_kit_colors_are_hex",
            ),
            models.CheckConstraint(condition=Q(radius_px__lte=32), name="brand_kit_radius_at_most_32"),
            models.CheckConstraint(condition=Q(mode__in=ColorMode.values), name="brand_kit_mode_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse colours that customers could not make out, and name better ones. Raises ValidationError."""
        try:
            found = contrast.unreadable(self.colors())
        except ValueError:
            return  # not all of them are colours, which the fields say themselves
        if found:
            raise ValidationError({f"color_{one.name}": _in_words(one) for one in found})

    def colors(self) -> dict[str, str]:
        """The eight colours by name, as #rrggbb."""
        return {name: getattr(self, f"color_{name}") for name in COLOR_NAMES}

    def worn_colors(self) -> tuple[dict[str, str], dict[str, str] | None]:
        """What the widget wears, and what instead where the visitor's device is dark (None: the same)."""
        match self.mode:
            case ColorMode.DARK:
                return contrast.dark_shades(self.colors()), None
            case ColorMode.AUTO:
                return self.colors(), contrast.dark_shades(self.colors())
        return self.colors(), None


def _in_words(found: contrast.Unreadable) -> str:
    ratio, least = contrast.ratio_in_words(found.ratio), contrast.ratio_in_words(found.least)
    what = "text needs" if found.least == contrast.TEXT else "buttons and marks need"
    return f"Its contrast on the surface is {ratio}, {what} {least}. {found.suggestion} would do."


class SchedulerConfig(BaseModel):
    """One widget: where it opens, how it looks, and whom to call when booking online is not possible."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="scheduler_configs")
    name = models.CharField(max_length=80, help_text="For yourself, such as “Website”.")
    brand_kit = models.ForeignKey(BrandKit, on_delete=models.PROTECT, related_name="scheduler_configs")
    is_default = models.BooleanField(
        default=False, help_text="Used where a page does not say which widget it means."
    )
    target_click_elements = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="CSS selectors of the buttons on your site that open the widget, such as #book-now.",
    )
    fallback_phone_number = models.CharField(
        max_length=20,
        blank=True,
        help_text="Shown when booking online is not possible. Empty: no such screen.",
    )
    fallback_title = models.CharField(max_length=120, blank=True, default="Call us to book")
    fallback_description = models.TextField(max_length=1000, blank=True)
    fallback_icon = models.CharField(max_length=40, blank=True, default="phone", validators=[validate_icon])

    objects = TenantQuerySet["SchedulerConfig"].as_manager()

    class Meta:
        verbose_name = "widget"
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_default=True),
                name="scheduler_config_one_default",
                violation_error_message="Another widget is the default already.",
            ),
            models.CheckConstraint(
                condition=Q(fallback_phone_number="")
                | Q(fallback_phone_number__regex=r"^\+[1-9][0-9]{5,14}$", fallback_title__gt=""),
                name="scheduler_config_fallback_is_whole",
                violation_error_message="The fallback screen needs a phone number and a title.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Write the phone number as E.164; refuse another business's brand kit. Raises ValidationError."""
        if self.brand_kit.organization_id != self.organization_id:
            raise ValidationError({"brand_kit": "This belongs to another business."})
        self.target_click_elements = [selector.strip() for selector in self.target_click_elements]
        problems = [problem for one in self.target_click_elements if (problem := selector_problem(one))]
        if problems:
            raise ValidationError({"target_click_elements": problems})
        if self.fallback_phone_number:
            try:
                self.fallback_phone_number = to_e164(
                    self.fallback_phone_number, country=self.organization.country
                )
            except InvalidPhone as error:
                raise ValidationError({"fallback_phone_number": "This number cannot be called."}) from error

    def fallback_screen(self) -> dict[str, Any] | None:
        """The screen for when booking online is not possible, as the API sends it; None if there is none."""
        if not self.fallback_phone_number:
            return None
        return {
            "phone_number": self.fallback_phone_number,
            "content": {
                "title": self.fallback_title,
                "description": self.fallback_description,
                "icon": self.fallback_icon,
            },
            "icon_path": icon_path(self.fallback_icon) if current_name(self.fallback_icon) else "",
        }
