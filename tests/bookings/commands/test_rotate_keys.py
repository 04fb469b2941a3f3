"""Keys change; customers stay readable and findable."""

import base64
from typing import Any

import pytest
from django.core.management import call_command

from apps.bookings.commands.rotate_keys import rotate_batch, rotate_keys
from apps.bookings.customers.upsert import upsert_customer
from apps.bookings.models import Customer, Identity
from apps.core.encryption import Unreadable
from tests.bookings.support import hold, somebody
from tests.factories.availability import SlotFactory

pytestmark = pytest.mark.django_db

ADA = Identity(name="Ada Lovelace", phone="+13035550142", email="ada@example.com")


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


@pytest.fixture
def ada() -> Customer:
    return upsert_customer(SlotFactory.create().organization_id, ADA)


def again(customer: Customer) -> Customer:
    return Customer.objects.get(id=customer.id)


class TestMasterKey:
    def test_what_the_old_one_wrapped_opens_without_it(
        self, ada: Customer, settings: Any, capsys: Any
    ) -> None:
        old = settings.FIELD_MASTER_KEYS
        settings.FIELD_MASTER_KEYS = [key("n"), *old]

        call_command("rotate_keys")

        settings.FIELD_MASTER_KEYS = [key("n")]
        assert again(ada).identity == ADA
        assert "1 keys wrapped anew, 0 customers digested anew." in capsys.readouterr().out

    def test_a_second_run_writes_nothing(self, ada: Customer, settings: Any) -> None:
        settings.FIELD_MASTER_KEYS = [key("n"), *settings.FIELD_MASTER_KEYS]
        list(rotate_keys())
        wrapped = bytes(again(ada).wrapped_key or b"")

        assert [done.rewrapped for done in rotate_keys()] == [0]
        assert bytes(again(ada).wrapped_key or b"") == wrapped

    def test_who_cannot_be_opened_is_named_and_left(self, ada: Customer, settings: Any, capsys: Any) -> None:
        settings.FIELD_MASTER_KEYS = [key("n")]

        with pytest.raises(SystemExit):
            call_command("rotate_keys")

        assert str(ada.id) in capsys.readouterr().out
        with pytest.raises(Unreadable):
            again(ada).data_key()

    def test_goes_through_all_in_batches_and_can_stop_in_between(self, ada: Customer, settings: Any) -> None:
        for number in range(4):
            upsert_customer(ada.organization_id, Identity(name="Eve", phone=f"+1303555020{number}"))
        settings.FIELD_MASTER_KEYS = [key("n"), *settings.FIELD_MASTER_KEYS]
        ids = sorted(Customer.objects.values_list("id", flat=True))

        first = rotate_batch(after=ids[0], size=2)

        assert (first.last_id, first.rewrapped) == (ids[2], 2)
        assert sum(done.rewrapped for done in rotate_keys()) == 3

    def test_an_erased_one_stays_erased(self, ada: Customer, settings: Any) -> None:
        ada.forget(ada.created_at)
        ada.save()
        settings.FIELD_MASTER_KEYS = [key("n"), *settings.FIELD_MASTER_KEYS]

        assert [done.rewrapped for done in rotate_keys()] == [0]
        assert again(ada).wrapped_key is None


class TestDigestKey:
    def test_everybody_is_found_by_the_new_one(self, settings: Any) -> None:
        slot = SlotFactory.create()
        booking = hold(slot, details=somebody(phone=ADA.phone))
        settings.FIELD_DIGEST_KEY = key("d")

        assert [done.redigested for done in rotate_keys()] == [1]

        assert upsert_customer(slot.organization_id, ADA) == booking.customer
        booking.refresh_from_db()
        customer = again(booking.customer)
        assert bytes(booking.phone_digest or b"") == bytes(customer.phone_digest or b"")
        assert [done.redigested for done in rotate_keys()] == [0]

    def test_who_became_two_in_between_is_named(self, ada: Customer, settings: Any, capsys: Any) -> None:
        settings.FIELD_DIGEST_KEY = key("d")
        upsert_customer(ada.organization_id, ADA)

        with pytest.raises(SystemExit):
            call_command("rotate_keys")

        assert str(ada.id) in capsys.readouterr().out
