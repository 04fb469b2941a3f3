"""Forms of settings, members and keys."""

import secrets
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from apps.core.phones import InvalidPhone, to_e164
from apps.organizations.admin_display import LinesField
from apps.organizations.models import ApiKey, Membership, User
from apps.organizations.staff import STAFF_ROLES
from apps.organizations.tenant_admin import TenantModelForm, is_new


class OrganizationForm(TenantModelForm):
    """What a business is called and where it is at home."""

    def clean(self) -> dict[str, Any]:
        """Write the phone number as it is called from abroad."""
        cleaned = super().clean()
        if cleaned.get("phone_number"):
            try:
                cleaned["phone_number"] = to_e164(
                    cleaned["phone_number"], country=cleaned.get("country", "US")
                )
            except InvalidPhone:
                self.add_error("phone_number", "This number cannot be called.")
        return cleaned


class MemberForm(TenantModelForm):
    """Somebody's e-mail and role; who does not sign in here yet becomes a user."""

    email = forms.EmailField(
        label="E-mail", widget=UnfoldAdminEmailInputWidget, help_text="They sign in with this address."
    )
    first_name = forms.CharField(max_length=150, required=False, widget=UnfoldAdminTextInputWidget)
    last_name = forms.CharField(max_length=150, required=False, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Membership
        fields: ClassVar = ["role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial_password = ""
        if "role" in self.fields:
            role = self.fields["role"]
            role.choices = [choice for choice in role.choices if choice[0] in {"", *STAFF_ROLES}]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """One role a person and business."""
        cleaned = super().clean()
        email, organization_id = cleaned.get("email"), self.instance.organization_id
        members = Membership.objects.for_organization(organization_id).filter(user__email__iexact=email or "")
        if email and organization_id and members.exclude(pk=self.instance.pk).exists():
            self.add_error("email", "They are a member already. Change their role in the list of members.")
        return cleaned

    def _save_m2m(self) -> None:
        """Nothing beside the row."""

    def save(self, commit: bool = True) -> Membership:
        """The membership, with its user found or made."""
        if is_new(self.instance):
            self.instance.user = self._find_or_make_user()
        saved: Membership = super().save(commit)
        return saved

    def _find_or_make_user(self) -> User:
        email = self.cleaned_data["email"].lower()
        user = User.objects.filter(email__iexact=email).first()
        if user is not None:
            return user
        self.initial_password = secrets.token_urlsafe(9)
        return User.objects.create_user(
            email,
            self.initial_password,
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
        )


class ApiKeyForm(TenantModelForm):
    """A key's name, and the sites that may use it."""

    allowed_origins = LinesField(
        required=False,
        label="Sites",
        help_text="One a line: the sites that may show the widget, such as https://www.example.com.",
    )

    class Meta:
        model = ApiKey
        fields: ClassVar = ["name", "kind", "allowed_origins"]

    def clean(self) -> dict[str, Any]:
        """A publishable key without a site would work nowhere."""
        cleaned = super().clean()
        kind = cleaned.get("kind", self.instance.kind)
        if kind == "publishable" and "allowed_origins" in cleaned and not cleaned["allowed_origins"]:
            self.add_error(
                "allowed_origins", ValidationError("Name at least one site, or the key works nowhere.")
            )
        return cleaned


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    """A user by e-mail; operators only."""

    usable_password = None  # type: ignore[assignment]  # everyone here has a password

    class Meta:
        model = User
        fields: ClassVar = ["email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget = UnfoldAdminEmailInputWidget()
        for name in ("password1", "password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
