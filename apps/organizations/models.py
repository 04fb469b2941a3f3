"""Organization, its policy, its people and its API keys."""

import zoneinfo
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from apps.core.ids import new_id
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.core.tokens import new_secret_token, token_digest

DEFAULT_TIMEZONE = "Asia/Dubai"
DEFAULT_PORTS = {"http": 80, "https": 443}


def validate_timezone(name: str) -> None:
    """Refuse what is not an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Write it as in “America/Denver”.")


class Organization(BaseModel):
    """A business that uses the scheduler: the tenant that every other row belongs to."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    timezone = models.CharField(
        max_length=64,
        default=DEFAULT_TIMEZONE,
        validators=[validate_timezone],
        help_text="Where the business is at home, as in “America/Denver”. New locations start with it.",
    )
    country = models.CharField(
        max_length=2,
        default="US",
        validators=[RegexValidator(r"^[A-Z]{2}$", "Use two capital letters, such as US.")],
        help_text="Two letters. Phone numbers without a country code are read as from here.",
    )
    locale = models.CharField(max_length=12, default="en-US", help_text="How dates and prices are written.")
    currency = models.CharField(
        max_length=3,
        default="USD",
        validators=[RegexValidator(r"^[A-Z]{3}$", "Use three capital letters, such as USD.")],
    )
    phone_number = models.CharField(
        max_length=20, blank=True, help_text="The number that customers call when they cannot book online."
    )
    active = models.BooleanField(
        default=True, help_text="Off closes the widget and the API for this business."
    )
    start_dismissed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class PaymentStrategy(models.TextChoices):
    """Who sees to it that an order is paid before its bookings are confirmed (seed 003)."""

    NONE = "none", "Nobody: customers pay at the visit"
    MANUAL = "manual", "Your team records the payment"


class OrganizationPolicy(BaseModel):
    """The rules of the house: how long things are held and how far ahead people book."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="policy")
    booking_hold_minutes = models.PositiveSmallIntegerField(
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="How long a time stays reserved once a customer has given their name.",
    )
    cart_hold_minutes = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="How long a time stays reserved while a customer is still filling in the form.",
    )
    minimum_notice_minutes = models.PositiveIntegerField(
        default=0, help_text="How long before the visit a customer must book, in minutes."
    )
    horizon_days = models.PositiveSmallIntegerField(
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text="How many days ahead customers can book.",
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(
        default=0, help_text="Time to get ready or to drive there, kept free before each visit."
    )
    buffer_after_minutes = models.PositiveSmallIntegerField(
        default=0, help_text="Time to clean up, kept free after each visit."
    )
    requires_approval = models.BooleanField(
        default=False,
        db_default=False,
        help_text="On: every booking waits until someone of yours approves it.",
    )
    max_live_holds = models.PositiveSmallIntegerField(
        default=5,
        db_default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="How many times one visitor can have reserved at once while they decide.",
    )
    max_hold_refreshes = models.PositiveSmallIntegerField(
        default=3,
        db_default=3,
        validators=[MaxValueValidator(20)],
        help_text="How often a visitor can ask for more time while they fill in the form.",
    )
    online_cancel = models.BooleanField(
        default=True, db_default=True, help_text="Customers can cancel by their link."
    )
    cancel_notice_minutes = models.PositiveIntegerField(
        default=1440,
        db_default=1440,
        help_text="How long before the visit a customer can still cancel, in minutes.",
    )
    online_reschedule = models.BooleanField(
        default=True, db_default=True, help_text="Customers can move their visit by their link."
    )
    reschedule_notice_minutes = models.PositiveIntegerField(
        default=1440,
        db_default=1440,
        help_text="How long before the visit a customer can still move it, in minutes.",
    )
    check_in_opens_minutes = models.PositiveIntegerField(
        default=60,
        db_default=60,
        help_text="How long before the visit a customer can say that they are here, in minutes.",
    )
    waitlist_open = models.BooleanField(
        default=True, db_default=True, help_text="Customers can wait for a time when nothing is free."
    )
    waitlist_offer_minutes = models.PositiveIntegerField(
        default=30,
        db_default=30,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
        help_text="How long a freed time is kept for whoever is next on the waitlist.",
    )
    payment = models.CharField(
        max_length=20,
        choices=PaymentStrategy.choices,
        default=PaymentStrategy.NONE,
        db_default=PaymentStrategy.NONE,
        help_text="Who sees to it that a visit is paid before it is confirmed.",
    )
    payment_hold_minutes = models.PositiveSmallIntegerField(
        default=30,
        db_default=30,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text="How long a time is kept while its payment is awaited.",
    )

    class Meta:
        verbose_name_plural = "organization policies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(booking_hold_minutes__range=(1, 60)) & Q(cart_hold_minutes__range=(1, 60)),
                name="policy_holds_between_1_and_60_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"policy of {self.organization}"


class EmailUserManager(UserManager["User"]):
    """Makes users who sign in with their e-mail address."""

    def create_user(  # type: ignore[override]  # no user names here: the address is the name
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        """A user without any rights of their own."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]  # as above
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        """A platform operator, who sees every organization."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):
    """Someone who signs in: staff of organizations, or a platform operator."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = None  # type: ignore[assignment]  # people sign in with their e-mail address
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[EmailUserManager] = EmailUserManager()

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Role(models.TextChoices):
    """What a member may do (seed 003); `scheduler` keeps the rota."""

    ADMIN = "admin", "Admin"
    MANAGER = "manager", "Manager"
    SCHEDULER = "scheduler", "Scheduler"
    FRONTDESK = "frontdesk", "Front desk"
    USER = "user", "Customer"


class Membership(BaseModel):
    """A user's role in an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)

    objects = TenantQuerySet["Membership"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="membership_one_role_per_organization"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organization}: {self.get_role_display()}"


class ApiKeyKind(models.TextChoices):
    """Publishable keys stand in a page's source; secret keys never leave a server."""

    PUBLISHABLE = "publishable", "Publishable (for your website)"
    SECRET = "secret", "Secret (for your server)"


def normalize_origin(origin: str) -> str:
    """`https://Example.com:443/` → `https://example.com`: how browsers send it. Raises ValidationError."""
    try:
        parts = urlsplit(origin.strip())
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise ValidationError(f"“{origin}” has no valid name or port.") from error
    if parts.scheme not in DEFAULT_PORTS or not host or parts.path not in {"", "/"} or parts.query:
        raise ValidationError(f"“{origin}” is not an origin. Write it as in “https://www.example.com”.")
    suffix = "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"


def _ascii_host(host: str) -> str:
    """The name as in an `Origin` header: other alphabets in punycode, IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host.encode("idna").decode()


class ApiKey(BaseModel):
    """What a website or a server names its organization with.

    Of a secret key only the digest is stored. A publishable key is no secret: what protects it is the
    list of the origins that may use it.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, help_text="Where you use it, such as “Website”.")
    kind = models.CharField(max_length=12, choices=ApiKeyKind.choices, default=ApiKeyKind.PUBLISHABLE)
    publishable_token = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    hint = models.CharField(
        max_length=16, editable=False, help_text="The last characters, to tell keys apart."
    )
    allowed_origins = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="The sites that may embed the widget, such as https://www.example.com.",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    # When and from where a page first loaded the widget with it; written once.
    first_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_seen_origin = models.CharField(
        max_length=200, blank=True, default="", db_default="", editable=False
    )

    objects = TenantQuerySet["ApiKey"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="api_key_digest_is_unique"),
            models.CheckConstraint(
                condition=Q(kind=ApiKeyKind.PUBLISHABLE, publishable_token__gt="")
                | Q(kind=ApiKeyKind.SECRET, publishable_token=""),
                name="api_key_secret_is_never_stored",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    def clean(self) -> None:
        """Write the origins as browsers send them. Raises ValidationError."""
        self.allowed_origins = sorted({normalize_origin(origin) for origin in self.allowed_origins})

    def set_new_token(self) -> str:
        """Give this key a fresh token and return it: the only time that a secret one can be read."""
        token = f"{'pk' if self.kind == ApiKeyKind.PUBLISHABLE else 'sk'}_{new_secret_token()}"
        self.digest = token_digest(token)
        self.hint = token[-6:]
        self.publishable_token = token if self.kind == ApiKeyKind.PUBLISHABLE else ""
        return token

    def allows_origin(self, origin: str) -> bool:
        """Whether a browser page of this origin may use the key."""
        return origin in self.allowed_origins


class ConfigurationVersion(models.Model):
    """Which state of its configuration an organization shows: a new id in every transaction that changes it.

    Triggers write it, on the tables of everything that `resolve` answers with (apps/routing/migrations), so
    nobody can forget to. Ids, not a count: after a restored backup no state is taken for another.
    """

    organization_id = models.UUIDField(primary_key=True)
    version = models.UUIDField()

    def __str__(self) -> str:
        return str(self.version)
