"""Signing in to `/admin/v1`: tokens that are ours, short-lived, and only as good as the membership."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from apps.audit.models import AuditEntry
from apps.organizations import signing_in
from apps.organizations.models import Membership, Organization, Role, User
from apps.organizations.staff_tokens import (
    AUDIENCE,
    ISSUER,
    KEY_SALT,
    StaffAccessToken,
    StaffRefreshToken,
    forget_expired_tokens,
)
from tests.factories.organizations import MembershipFactory, OrganizationFactory, UserFactory
from tests.redis_server import RedisServer
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet morning in Denver"
TOKEN = "/admin/v1/auth/token"
REFRESH = "/admin/v1/auth/refresh"


def person(**fields: Any) -> User:
    user: User = UserFactory.create(**fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def member(role: str = Role.MANAGER, **parts: Any) -> Membership:
    found: Membership = MembershipFactory.create(user=parts.pop("user", None) or person(), role=role, **parts)
    return found


def post(path: str, body: Any, **headers: str) -> Any:
    return Client().post(path, body, content_type="application/json", headers=headers)


def sign_in(email: str, password: str = PASSWORD, **more: Any) -> Any:
    return post(TOKEN, {"email": email, "password": password, **more})


def me(token: str) -> Any:
    return Client().get("/admin/v1/me", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def limits_on(settings: Any) -> Iterator[None]:
    """A Redis that no other process of the run empties, and five tries an address."""
    sign_in_limits = {"PER_IP": 20, "PER_EMAIL": 5, "SECONDS": 300}
    with RedisServer() as server:
        settings.REDIS_URL = server.url
        settings.RATE_LIMITS_ENABLED = True
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, "SIGN_IN": sign_in_limits}
        yield


class TestSignIn:
    def test_gives_two_tokens_and_says_whose_they_are(self) -> None:
        works = member(Role.SCHEDULER)

        response = sign_in(works.user.email)
        body = response.json()

        assert response.status_code == 200
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
        assert body["organization"]["id"] == str(works.organization_id)
        assert (body["role"], body["rights"]) == ("scheduler", ["read", "calendar", "rota"])
        assert response["Cache-Control"] == "no-store"
        assert me(body["access"]).json()["user"]["email"] == works.user.email

    def test_the_token_names_user_organization_and_role(self) -> None:
        works = member()

        access = sign_in(works.user.email).json()["access"]
        claims = jwt.decode(access, options={"verify_signature": False})

        assert jwt.get_unverified_header(access)["alg"] == "HS256"
        assert claims["user_id"] == str(works.user_id)
        assert claims["organization_id"] == str(works.organization_id)
        assert claims["role"] == "manager"
        assert claims["exp"] - claims["iat"] == 600

    def test_takes_the_address_as_people_write_it(self) -> None:
        assert sign_in(member().user.email.upper()).status_code == 200

    def test_leaves_a_trace_without_any_secret(self) -> None:
        works = member()

        sign_in(works.user.email)

        entry = AuditEntry.objects.get(action="organizations.member.signed_in")
        assert (entry.actor_kind, entry.actor_id) == ("staff", str(works.user_id))
        (row,) = OutstandingToken.objects.all()
        assert "." not in row.token  # not the token itself

    def test_does_not_tell_an_unknown_address_from_a_wrong_password_or_a_closed_account(self) -> None:
        works, closed = member(), member(user=person(is_active=False))

        answers = [
            sign_in(works.user.email, "wrong"),
            sign_in("nobody@example.com"),
            sign_in(closed.user.email),
        ]

        assert {problem(answer) for answer in answers} == {(401, "INVALID_CREDENTIALS")}
        assert len({answer.json()["detail"] for answer in answers}) == 1

    def test_hashes_for_an_unknown_address_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hashed: list[str] = []
        monkeypatch.setattr(User, "set_password", lambda _self, raw: hashed.append(raw))

        sign_in("nobody@example.com", "a guess")

        assert hashed == ["a guess"]

    def test_only_where_one_works(self) -> None:
        assert problem(sign_in(person().email)) == (403, "NOT_A_MEMBER")
        assert problem(sign_in(member(Role.USER).user.email)) == (403, "NOT_A_MEMBER")
        closed = member(organization=OrganizationFactory(active=False))
        assert problem(sign_in(closed.user.email)) == (403, "NOT_A_MEMBER")

    def test_another_business_and_none_at_all_look_the_same(self) -> None:
        works, other = member(), OrganizationFactory.create()

        answers = [
            sign_in(works.user.email, organization=name)
            for name in (str(other.id), other.slug, "no-such-business")
        ]

        assert {problem(answer) for answer in answers} == {(403, "NOT_A_MEMBER")}

    def test_who_works_for_several_says_for_which(self) -> None:
        user = person()
        first, second = (member(user=user, organization=OrganizationFactory(name=n)) for n in "AB")

        unsaid = sign_in(user.email)
        by_slug = sign_in(user.email, organization=second.organization.slug)
        by_id = sign_in(user.email, organization=str(first.organization_id))

        assert problem(unsaid) == (409, "ORGANIZATION_REQUIRED")
        assert [o["slug"] for o in unsaid.json()["organizations"]] == [
            first.organization.slug,
            second.organization.slug,
        ]
        assert by_slug.json()["organization"]["id"] == str(second.organization_id)
        assert by_id.json()["organization"]["id"] == str(first.organization_id)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"email": "a@example.com"},
            {"email": "no address", "password": "x"},
            {"email": "a@example.com", "password": "x" * 1001},
            {"email": "a@example.com", "password": "\x00"},
            {"email": ["a@example.com"], "password": {"$ne": ""}},
            {"email": "a@example.com", "password": "x", "role": "admin"},
            [],
            "text",
        ],
    )
    def test_refuses_what_is_no_sign_in(self, body: Any) -> None:
        assert problem(post(TOKEN, json.dumps(body))) == (400, "VALIDATION_ERROR")

    def test_a_guesser_has_to_wait_and_cannot_tell_who_exists(self, limits_on: None) -> None:
        works, nobody = member(), "nobody@example.com"
        for _ in range(5):
            sign_in(works.user.email, "wrong")
            sign_in(nobody, "wrong")

        refused, unknown = sign_in(works.user.email), sign_in(nobody)

        assert problem(refused) == problem(unknown) == (429, "RATE_LIMITED")
        assert 0 < int(refused["Retry-After"]) <= 300
        assert sign_in(member().user.email).status_code == 200

    def test_who_tries_many_addresses_has_to_wait_as_well(self, limits_on: None) -> None:
        for number in range(20):
            sign_in(f"nobody{number}@example.com", "wrong")

        assert problem(sign_in(member().user.email)) == (429, "RATE_LIMITED")

    def test_the_back_offices_door_counts_the_same_tries(self, limits_on: None) -> None:
        works = member(user=person(is_staff=True))
        for _ in range(5):
            sign_in(works.user.email, "wrong")

        page = Client().post("/admin/login/", {"username": works.user.email, "password": PASSWORD})

        assert page.status_code == 200
        assert "Wait 5 minutes, then try again." in page.content.decode()

    def test_the_back_office_lets_people_in_below_the_limit(self, limits_on: None) -> None:
        works = member(user=person(is_staff=True))

        page = Client().post("/admin/login/", {"username": works.user.email, "password": PASSWORD})

        assert page.status_code == 302

    def test_works_while_redis_is_away(self, settings: Any) -> None:
        works = member()
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        settings.RATE_LIMITS_ENABLED = True

        assert sign_in(works.user.email).status_code == 200


class TestAccess:
    @pytest.fixture
    def staff(self) -> StaffClient:
        return StaffClient()

    def test_without_a_token_there_is_nothing(self) -> None:
        response = Client().get("/admin/v1/me")

        assert problem(response) == (401, "NOT_AUTHENTICATED")
        assert response["WWW-Authenticate"].startswith("Bearer")

    def test_a_demoted_member_is_demoted_at_once(self, staff: StaffClient) -> None:
        Membership.objects.filter(id=staff.membership.id).update(role=Role.FRONTDESK)

        assert staff.get("me").json()["role"] == "frontdesk"

    def test_a_member_who_is_made_a_customer_has_no_business_here(self, staff: StaffClient) -> None:
        Membership.objects.filter(id=staff.membership.id).update(role=Role.USER)

        assert problem(staff.get("me")) == (403, "NOT_PERMITTED")

    def test_a_revoked_member_is_out_at_once(self, staff: StaffClient) -> None:
        Membership.objects.filter(id=staff.membership.id).delete()

        assert problem(staff.get("me")) == (401, "TOKEN_INVALID")

    def test_a_closed_account_is_out_at_once(self, staff: StaffClient) -> None:
        User.objects.update(is_active=False)

        assert problem(staff.get("me")) == (401, "TOKEN_INVALID")

    def test_a_closed_business_is_out_at_once(self, staff: StaffClient) -> None:
        Organization.objects.update(active=False)

        assert problem(staff.get("me")) == (401, "TOKEN_INVALID")

    def test_a_new_password_ends_the_tokens_of_the_old_one(self, staff: StaffClient) -> None:
        user = staff.membership.user
        user.set_password("another morning")
        user.save()

        assert problem(staff.get("me")) == (401, "TOKEN_INVALID")
        assert problem(post(REFRESH, {"refresh": staff.tokens.refresh})) == (401, "TOKEN_INVALID")

    def test_costs_one_query(self, staff: StaffClient, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            staff.get("me")

    def test_basic_authentication_is_not_ours(self) -> None:
        response = Client().get("/admin/v1/me", headers={"Authorization": "Basic dGVzdDp0ZXN0"})

        assert problem(response) == (401, "TOKEN_INVALID")


def key() -> str:
    return salted_hmac(KEY_SALT, "HS256", secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def b64(data: bytes | dict[str, Any]) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class TestForgery:
    """Tokens that differ from ours in one thing each; the first test shows that this one thing decides."""

    @pytest.fixture
    def claims(self) -> dict[str, Any]:
        decoded: dict[str, Any] = jwt.decode(StaffClient().access, options={"verify_signature": False})
        return decoded

    def test_the_same_claims_with_our_key_are_good(self, claims: dict[str, Any]) -> None:
        assert me(jwt.encode(claims, key(), "HS256")).status_code == 200

    def test_no_algorithm_is_none(self, claims: dict[str, Any]) -> None:
        for name in ("none", "None", "NONE", "nOnE"):
            bare = f"{b64({'alg': name, 'typ': 'JWT'})}.{b64(claims)}."
            assert problem(me(bare)) == (401, "TOKEN_INVALID")

    @pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
    def test_another_algorithm_with_our_key_is_refused(self, claims: dict[str, Any], algorithm: str) -> None:
        assert problem(me(jwt.encode(claims, key(), algorithm))) == (401, "TOKEN_INVALID")

    def test_an_asymmetric_name_over_our_algorithm_is_refused(self, claims: dict[str, Any]) -> None:
        signed = f"{b64({'alg': 'RS256', 'typ': 'JWT'})}.{b64(claims)}"
        signature = hmac.new(key().encode(), signed.encode(), hashlib.sha256).digest()

        assert problem(me(f"{signed}.{b64(signature)}")) == (401, "TOKEN_INVALID")

    def test_the_secret_key_itself_signs_nothing(self, claims: dict[str, Any]) -> None:
        assert problem(me(jwt.encode(claims, settings.SECRET_KEY, "HS256"))) == (401, "TOKEN_INVALID")

    @pytest.mark.parametrize(
        "change",
        [
            {"aud": "v1"},
            {"iss": "somebody"},
            {"token_type": "refresh"},
            {"user_id": "nobody"},
            {"user_id": None},
            {"user_id": 7},
            {"organization_id": []},
            {"stamp": "0" * 32},
            {"stamp": None},
            {"family": "x"},
            {"exp": "soon"},
        ],
    )
    def test_each_claim_counts(self, claims: dict[str, Any], change: dict[str, Any]) -> None:
        assert problem(me(jwt.encode({**claims, **change}, key(), "HS256"))) == (401, "TOKEN_INVALID")

    @pytest.mark.parametrize(
        "missing", ["aud", "iss", "exp", "jti", "token_type", "user_id", "stamp", "family"]
    )
    def test_none_may_be_missing(self, claims: dict[str, Any], missing: str) -> None:
        del claims[missing]

        assert problem(me(jwt.encode(claims, key(), "HS256"))) == (401, "TOKEN_INVALID")

    def test_another_business_is_not_reached_by_its_id(self, claims: dict[str, Any]) -> None:
        claims["organization_id"] = str(OrganizationFactory.create().id)

        assert problem(me(jwt.encode(claims, key(), "HS256"))) == (401, "TOKEN_INVALID")

    def test_an_expired_one_says_so(self, claims: dict[str, Any]) -> None:
        claims["exp"] = int(time.time()) - 1

        assert problem(me(jwt.encode(claims, key(), "HS256"))) == (401, "TOKEN_EXPIRED")

    @pytest.mark.parametrize("text", ["", "x", "a.b.c", "é.é.é", "." * 100, "x" * 100_000])
    def test_noise_is_refused(self, text: str) -> None:
        assert problem(me(text)) == (401, "TOKEN_INVALID")

    def test_a_key_of_its_own_replaces_the_derived_one(self, claims: dict[str, Any], settings: Any) -> None:
        old = jwt.encode(claims, key(), "HS256")
        settings.JWT_SIGNING_KEY = "another key of at least thirty-two bytes"

        assert problem(me(old)) == (401, "TOKEN_INVALID")
        assert me(StaffClient().access).status_code == 200

    def test_a_refresh_token_opens_nothing(self) -> None:
        assert problem(me(StaffClient().tokens.refresh)) == (401, "TOKEN_INVALID")

    def test_an_access_token_renews_nothing(self) -> None:
        assert problem(post(REFRESH, {"refresh": StaffClient().access})) == (401, "TOKEN_INVALID")

    def test_ours_are_for_this_api_alone(self, claims: dict[str, Any]) -> None:
        assert (claims["aud"], claims["iss"]) == (AUDIENCE, ISSUER)


class TestRefresh:
    @pytest.fixture
    def staff(self) -> StaffClient:
        return StaffClient()

    def renew(self, refresh: str) -> Any:
        return post(REFRESH, {"refresh": refresh})

    def test_gives_the_next_pair(self, staff: StaffClient) -> None:
        body = self.renew(staff.tokens.refresh).json()

        assert me(body["access"]).status_code == 200
        assert self.renew(body["refresh"]).status_code == 200

    def test_has_the_role_of_now(self, staff: StaffClient) -> None:
        Membership.objects.filter(id=staff.membership.id).update(role=Role.SCHEDULER)

        assert self.renew(staff.tokens.refresh).json()["role"] == "scheduler"

    def test_works_once_and_a_copy_ends_the_whole_sign_in(self, staff: StaffClient) -> None:
        heir = self.renew(staff.tokens.refresh).json()["refresh"]

        assert problem(self.renew(staff.tokens.refresh)) == (401, "TOKEN_INVALID")
        assert problem(self.renew(heir)) == (401, "TOKEN_INVALID")
        assert AuditEntry.objects.filter(action="organizations.member.tokens_ended").count() == 1

    def test_another_sign_in_of_the_same_person_lives_on(self, staff: StaffClient) -> None:
        elsewhere = StaffClient(membership=staff.membership)
        self.renew(staff.tokens.refresh)
        self.renew(staff.tokens.refresh)

        assert self.renew(elsewhere.tokens.refresh).status_code == 200

    def test_who_is_out_gets_none(self, staff: StaffClient) -> None:
        Membership.objects.filter(id=staff.membership.id).delete()

        assert problem(self.renew(staff.tokens.refresh)) == (401, "TOKEN_INVALID")

    def test_an_expired_one_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(StaffRefreshToken, "lifetime", timedelta(seconds=-1))
        stale = StaffClient()

        assert problem(self.renew(stale.tokens.refresh)) == (401, "TOKEN_EXPIRED")

    def test_the_list_forgets_what_has_expired(
        self, staff: StaffClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(StaffRefreshToken, "lifetime", timedelta(seconds=-1))
        StaffClient(membership=staff.membership)

        assert forget_expired_tokens() == 1
        assert self.renew(staff.tokens.refresh).status_code == 200

    @pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": 7.5, "x": 1}, {"refresh": None}])
    def test_refuses_what_is_no_token(self, body: Any) -> None:
        assert problem(post(REFRESH, body)) == (400, "VALIDATION_ERROR")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_many_who_renew_at_once_exactly_one_succeeds(race: Any) -> None:
    pair = StaffClient().tokens

    results = race([lambda: signing_in.renew(pair.refresh)] * 6)

    assert sum(not isinstance(result, Exception) for result in results) == 1


class TestSignOut:
    def test_ends_the_sign_in(self) -> None:
        staff = StaffClient()

        response = staff.post("auth/logout", {"refresh": staff.tokens.refresh}, key=None)

        assert response.status_code == 204
        assert problem(post(REFRESH, {"refresh": staff.tokens.refresh})) == (401, "TOKEN_INVALID")

    def test_twice_is_the_same(self) -> None:
        staff = StaffClient()
        staff.post("auth/logout", {"refresh": staff.tokens.refresh})

        assert staff.post("auth/logout", {"refresh": staff.tokens.refresh}).status_code == 204

    def test_does_not_end_somebody_elses(self) -> None:
        staff, colleague = StaffClient(), StaffClient()

        refused = staff.post("auth/logout", {"refresh": colleague.tokens.refresh})

        assert problem(refused) == (401, "TOKEN_INVALID")
        assert post(REFRESH, {"refresh": colleague.tokens.refresh}).status_code == 200


def test_an_access_token_lives_for_minutes() -> None:
    assert StaffAccessToken.lifetime == timedelta(minutes=10)
