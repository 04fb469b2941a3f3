"""Settings: the business and its rules, its members, its keys."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from apps.organizations import admin_forms
from apps.organizations.admin_display import badge, local_time
from apps.organizations.commands.revoke_api_key import revoke_api_key
from apps.organizations.models import (
    ApiKey,
    ApiKeyKind,
    Membership,
    Organization,
    OrganizationPolicy,
    User,
)
from apps.organizations.staff import Area, access_of, keep_staff_flag, staff_actor
from apps.organizations.tenant_admin import TenantAdmin, TenantStackedInline, organization_id_of
from apps.organizations.unfolded import ActionVariant, ModelAdmin, asking_action

ROLES_IN_WORDS = (
    "Admin sees and changes everything. Manager does, too, but for settings, members and keys. "
    "Scheduler keeps locations, people and hours. Front desk sees bookings and customers."
)


class PolicyInline(TenantStackedInline):
    """The rules of the house, on the business's own page."""

    area = Area.BUSINESS
    model = OrganizationPolicy
    can_delete = False
    min_num = 1
    max_num = 1
    verbose_name_plural = "Rules of the house"
    fieldsets = (
        (None, {"fields": [("minimum_notice_minutes", "horizon_days")]}),
        ("How long a time stays reserved", {"fields": [("cart_hold_minutes", "booking_hold_minutes")]}),
        ("Time kept free around visits", {"fields": [("buffer_before_minutes", "buffer_after_minutes")]}),
    )


@admin.register(Organization)
class OrganizationAdmin(TenantAdmin):
    """Settings of the business."""

    area = Area.BUSINESS
    form = admin_forms.OrganizationForm
    inlines: ClassVar = [PolicyInline]
    list_display = ("name", "timezone", "currency", "state")
    search_fields = ("name", "slug")
    prepopulated_fields: ClassVar = {"slug": ["name"]}
    fieldsets = (
        ("The business", {"fields": ["name", "slug", "phone_number", "active"]}),
        ("Where it is at home", {"fields": [("timezone", "country"), ("locale", "currency")]}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return access_of(request).everywhere

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a business is switched off, its history stays."""
        return False

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only while the name is new: the slug may be in use elsewhere."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @admin.display(description="Online booking")
    def state(self, organization: Organization) -> SafeString:
        """Whether the widget answers."""
        return badge("Open", "success") if organization.active else badge("Closed", "danger")


@admin.register(Membership)
class MembershipAdmin(TenantAdmin):
    """Who may sign in, and as what."""

    area = Area.BUSINESS
    form = admin_forms.MemberForm
    list_display = ("person", "email", "role_badge", "last_seen")
    list_display_links = ("person",)
    list_filter = ("role",)
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "user__first_name", "user__last_name")
    ordering = ("user__first_name", "user__email")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new member is named by their address; later only the role changes."""
        fields = ["person", "email_address", "role"] if obj else ["email", "first_name", "last_name", "role"]
        base: list[Any] = [(None, {"fields": fields, "description": ROLES_IN_WORDS})]
        if self._asks_for_organization(request):
            base.insert(0, (None, {"fields": ["organization"]}))
        return base

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Without the fields of a new member where there is one already."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            return form
        dropped: dict[str, Any] = dict.fromkeys(("email", "first_name", "last_name"))
        return type(form.__name__, (form,), dropped)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The person of an existing membership."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "person", "email_address"] if obj else fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes their own role: the last admin would lock everybody out."""
        return super().has_change_permission(request, obj) and not self._is_oneself(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody removes themselves."""
        return super().has_delete_permission(request, obj) and not self._is_oneself(request, obj)

    def _is_oneself(self, request: HttpRequest, obj: Any) -> bool:
        return (
            isinstance(obj, Membership)
            and obj.user_id == request.user.pk
            and not access_of(request).everywhere
        )

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: Any) -> None:
        """Let them in; a new user's first password is shown once."""
        super().save_model(request, obj, form, change)
        keep_staff_flag(obj.user)
        if form.initial_password:
            messages.warning(
                request,
                format_html(
                    "Tell {} their first password: <code>{}</code>. It is shown only now; "
                    "they change it after signing in.",
                    obj.user.email,
                    form.initial_password,
                ),
            )

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """Who works nowhere any more cannot sign in."""
        user = obj.user
        super().delete_model(request, obj)
        keep_staff_flag(user)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """The same for many, and never oneself."""
        for membership in queryset.exclude(user=request.user).select_related("user"):
            self.delete_model(request, membership)

    @admin.display(description="Name", ordering="user__first_name")
    def person(self, membership: Membership) -> str:
        """Their name, or their address."""
        return str(membership.user)

    @admin.display(description="E-mail", ordering="user__email")
    def email(self, membership: Membership) -> str:
        """What they sign in with."""
        return membership.user.email

    @admin.display(description="E-mail")
    def email_address(self, membership: Membership) -> str:
        """The same, on the form, where `email` is an input."""
        return membership.user.email

    @admin.display(description="Role", ordering="role")
    def role_badge(self, membership: Membership) -> SafeString:
        """The role in words."""
        return badge(membership.get_role_display(), "info")

    @admin.display(description="Last signed in", ordering="user__last_login")
    def last_seen(self, membership: Membership) -> Any:
        """In the business's time."""
        return local_time(membership.user.last_login, membership.organization.timezone)


@admin.register(ApiKey)
class ApiKeyAdmin(TenantAdmin):
    """Keys of websites and servers. A secret one is shown once."""

    empty_title = "No keys yet"
    empty_text = "Your website needs a key to show the widget; your own programs need one of their own."
    area = Area.BUSINESS
    form = admin_forms.ApiKeyForm
    list_display = ("name", "kind_badge", "ends_in", "origins", "state", "created")
    list_filter = ("kind",)
    list_select_related = ("organization",)
    search_fields = ("name", "hint")
    ordering = ("-created_at",)
    actions_detail: ClassVar = ["revoke"]
    change_form_outer_before_template = "backoffice/api_key.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it is for first; a key never changes its kind."""
        fields = ["name", "kind", "allowed_origins"]
        if obj is not None:
            fields = ["name", "allowed_origins", "kind_badge", "ends_in", "state", "created"]
        base: list[Any] = [(None, {"fields": fields})]
        if self._asks_for_organization(request):
            base.insert(0, (None, {"fields": ["organization"]}))
        return base

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything but the name and the sites."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "kind_badge", "ends_in", "state", "created"] if obj else fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: keys are revoked, so that it stays known who had one."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: Any) -> None:
        """Give a new key its token."""
        if not change:
            form.token = obj.set_new_token()
        super().save_model(request, obj, form, change)
        request.new_token = getattr(form, "token", "")  # type: ignore[attr-defined]  # for response_add

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: Any = None) -> HttpResponse:
        """Show a secret token on the answer itself: it is in no cookie, no session and no log."""
        if obj.kind == ApiKeyKind.PUBLISHABLE:
            messages.success(request, f"“{obj.name}” is ready. Copy the lines below into your site.")
            return HttpResponseRedirect(reverse("admin:organizations_apikey_change", args=[obj.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": obj.name,
            "key": obj,
            "token": request.new_token,  # type: ignore[attr-defined]  # from save_model
        }
        return TemplateResponse(request, "backoffice/secret_once.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With the snippet, which names this site's own address."""
        base = request.build_absolute_uri("/").rstrip("/")
        context = {**(extra_context or {}), "scheduler_base": base}
        return super().change_view(request, object_id, form_url, context)

    @asking_action(
        description="Revoke",
        icon="block",
        url_path="revoke",
        question="Revoke this key?",
        consequence="Sites and servers that use it stop working at once. This cannot be undone.",
        confirm="Revoke the key",
        variant=ActionVariant.DANGER,
    )
    def revoke(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """Stop the key, by command."""
        key = self.get_object(request, object_id)
        if key is not None:
            actor = staff_actor(request, organization_id_of(key))
            self.run_command(request, lambda: self._revoke(actor, key.pk))
        return self.after_action(request, object_id)

    def _revoke(self, actor: Any, key_id: UUID) -> str:
        return f"“{revoke_api_key(actor=actor, api_key_id=key_id).name}” is revoked."

    @admin.display(description="Kind", ordering="kind")
    def kind_badge(self, key: ApiKey) -> SafeString:
        """Publishable or secret."""
        secret = key.kind == ApiKeyKind.SECRET
        return badge("Secret" if secret else "Publishable", "warning" if secret else "info")

    @admin.display(description="Ends in")
    def ends_in(self, key: ApiKey) -> SafeString:
        """The last characters."""
        return format_html("<code>…{}</code>", key.hint)

    @admin.display(description="Sites")
    def origins(self, key: ApiKey) -> str:
        """Where browsers may use it."""
        return ", ".join(key.allowed_origins) or "–"

    @admin.display(description="State")
    def state(self, key: ApiKey) -> SafeString:
        """Whether it works."""
        return badge("Revoked", "danger") if key.revoked_at else badge("Works", "success")

    @admin.display(description="Created", ordering="created_at")
    def created(self, key: ApiKey) -> Any:
        """In the business's time."""
        return local_time(key.created_at, key.organization.timezone)


class OperatorsOnly:
    """Pages that only the platform's own operators see."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return access_of(request).everywhere

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators only."""
        return access_of(request).everywhere

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return access_of(request).everywhere

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators only."""
        return access_of(request).everywhere

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators only."""
        return access_of(request).everywhere


admin.site.unregister(Group)  # rights come from memberships
admin.site.unregister([BlacklistedToken, OutstandingToken])  # sign-ins of the API: nothing to edit


@admin.register(User)
class UserAdmin(OperatorsOnly, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]  # of users
    """Everyone who signs in, for operators; businesses manage their own under Members."""

    form = UserChangeForm
    add_form = admin_forms.NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "first_name", "last_name", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ["email", "password"]}),
        ("Person", {"fields": [("first_name", "last_name")]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": [("last_login", "date_joined")]}),
    )
    add_fieldsets = ((None, {"fields": ["email", "password1", "password2"]}),)
