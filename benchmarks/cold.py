"""Makes every read look as if somebody's time had just changed: of all people, or of one."""

from dataclasses import replace
from itertools import count
from uuid import UUID

from apps.availability.api import kept, views
from apps.availability.offering import reading
from apps.core import prepared
from apps.vendors.api import views as scheduler_views


def make_cold(*, whose: str) -> None:
    """From now on each stamp has a version that no stamp before it had; `whose` is "all" or "one"."""
    read_stamp, read_pulse = reading.read_stamp, reading.read_pulse
    numbers = count(1)
    moved: dict[int, int] = {}

    def newer(organization_id: UUID | str, location_id: UUID | str) -> reading.Stamp:
        stamp = read_stamp(organization_id, location_id)
        assert stamp.counts is not None  # noqa: S101  (there are people)
        number = next(numbers)
        versions = prepared.large_numbers(stamp.counts)
        changed = range(len(versions)) if whose == "all" else [number % len(versions)]
        for index in changed:
            moved[index] = number
        newest = [version + moved.get(index, 0) for index, version in enumerate(versions)]
        return replace(stamp, counts=prepared.large_array(newest))

    def never_the_same(organization_id: str, location_id: str) -> tuple[bytes | None, int, int]:
        settings, _, now = read_pulse(organization_id, location_id)
        return settings, -1, now

    kept.read_pulse = never_the_same
    for module in (kept, views, scheduler_views):
        module.read_stamp = newer
