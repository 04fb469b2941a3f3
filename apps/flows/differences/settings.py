"""Comparing a step's settings, in words of their own for every kind of step.

A setting that this page does not know yet is still told, by its name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from apps.flows.differences.changes import (
    Change,
    Json,
    added,
    changed,
    list_changes,
    listed,
    moved,
    quoted,
    removed,
    staying,
    switched,
    text_change,
)

Compare = Callable[[Any, Any], Iterator[Change]]
PRESENCE = {"required": "has to be given", "optional": "may be given", "hidden": "is not asked for"}
FIELD_KINDS = {
    "text": "one line",
    "textarea": "several lines",
    "number": "a number",
    "select": "one of several options",
    "yes_no": "yes or no",
    "checkbox": "a tick",
}


def settings_changes(step_type: str, old: Json, new: Json) -> Iterator[Change]:
    """What differs between two `type_config`s of a step, without its graph."""
    known = _BY_STEP_TYPE.get(step_type, {})
    told = set[str]()
    for keys, compare in known.items():
        told |= set(keys)
        yield from compare(*(_of(config, keys) for config in (old, new)))
    for key in [*new, *(key for key in old if key not in new)]:
        if key not in told:
            yield from _plain(key, old.get(key), new.get(key))


def _of(config: Json, keys: tuple[str, ...]) -> Any:
    return config.get(keys[0]) if len(keys) == 1 else {key: config.get(key) for key in keys}


def _plain(key: str, old: Any, new: Any) -> Iterator[Change]:
    name = key.replace("_", " ").capitalize()
    if isinstance(old, bool) or isinstance(new, bool):
        yield from switched(name, old, new)
    elif isinstance(old, str | None) and isinstance(new, str | None):
        yield from text_change(name, old, new)
    elif old != new:
        if isinstance(old, int | None) and isinstance(new, int | None):
            yield changed(f"{name}: {_number(new)} (was {_number(old)}).")
        else:
            yield changed(f"{name} changed.")


def _number(value: int | None) -> str:
    return "not set" if value is None else str(value)


def _switch(name: str) -> Compare:
    return lambda old, new: switched(name, old, new)


def _text(name: str) -> Compare:
    return lambda old, new: text_change(name, old, new)


# --- Zip codes --------------------------------------------------------------------------------------


def _areas(old: Sequence[Json] | None, new: Sequence[Json] | None) -> Iterator[Change]:
    before = {area["location_id"]: area for area in old or []}
    after = {area["location_id"]: area for area in new or []}
    for location_id, area in after.items():
        name = area["location_name"]
        if location_id not in before:
            yield added(f"{name} comes to customers: {listed(_codes(area))}.")
            continue
        was = before[location_id]
        yield from text_change("Location", was["location_name"], name)
        yield from list_changes(f"Zip codes of {name}", _codes(was), _codes(area))
    for location_id, area in before.items():
        if location_id not in after:
            yield removed(f"{area['location_name']} does not come to customers any more.")
    if len(staying(list(before), list(after))) < len(before.keys() & after.keys()):
        names = [area["location_name"] for area in after.values()]
        yield moved(f"The locations stand in another order: {listed(names)}.")


def _codes(area: Json) -> list[str]:
    return [
        *area.get("zip_codes", []),
        *(f"all that begin with {prefix}" for prefix in area.get("zip_prefixes", [])),
        *(f"{first} to {last}" for first, last in area.get("zip_ranges", [])),
    ]


# --- Details ----------------------------------------------------------------------------------------


def _fields(old: Sequence[Json] | None, new: Sequence[Json] | None) -> Iterator[Change]:
    before = {field["key"]: field for field in old or []}
    after = {field["key"]: field for field in new or []}
    for key, field in after.items():
        if key in before:
            yield from _field(before[key], field)
        else:
            must = ", and has to be answered" if field["required"] else ""
            yield added(f"{quoted(field['label'])} is asked, as {_field_kind(field)}{must}.")
    for key, field in before.items():
        if key not in after:
            yield removed(f"{quoted(field['label'])} is not asked any more.")
    if len(staying(list(before), list(after))) < len(before.keys() & after.keys()):
        labels = [quoted(field["label"]) for field in after.values()]
        yield moved(f"What is asked stands in another order: {listed(labels)}.")


def _field(old: Json, new: Json) -> Iterator[Change]:
    name = quoted(new["label"])
    yield from text_change("What is asked", old["label"], new["label"])
    yield from text_change(f"Hint below {name}", old.get("help_text"), new.get("help_text"))
    if old["kind"] != new["kind"]:
        yield changed(f"{name} is answered by {_field_kind(new)} instead of {_field_kind(old)}.")
    if old["required"] != new["required"]:
        yield changed(f"{name} {'has to' if new['required'] else 'need not'} be answered.")
    if old.get("max_length") != new.get("max_length"):
        yield changed(f"{name} takes up to {new.get('max_length')} characters.")
    yield from list_changes(f"Options of {name}", _options(old), _options(new))


def _field_kind(field: Json) -> str:
    return FIELD_KINDS.get(field["kind"], str(field["kind"]))


def _options(field: Json) -> list[str]:
    return [quoted(option["label"]) for option in field.get("options") or []]


# --- The others -------------------------------------------------------------------------------------


def _one_location(old: Json, new: Json) -> Iterator[Change]:
    if old["location_id"] != new["location_id"]:
        yield from text_change("Location", old["location_name"], new["location_name"])


def _customer_fields(old: Json | None, new: Json | None) -> Iterator[Change]:
    for key in {**(old or {}), **(new or {})}:
        was, now = (old or {}).get(key), (new or {}).get(key)
        if was != now:
            name = {"email": "E-mail"}.get(key, key.replace("_", " ").capitalize())
            yield changed(f"{name} {PRESENCE.get(str(now), now)} (before: {PRESENCE.get(str(was), was)}).")


_BY_STEP_TYPE: Mapping[str, Mapping[tuple[str, ...], Compare]] = {
    "zipcode": {
        ("areas",): _areas,
        ("outside_message",): _text("Message outside the area"),
    },
    "service_selection": {
        ("allow_several",): _switch("Several services in one visit"),
    },
    "details": {
        ("fields",): _fields,
    },
    "timeslot": {
        ("allow_resource_choice",): _switch("Customers choose who comes"),
        ("location_id", "location_name"): _one_location,
    },
    "customer": {
        ("fields",): _customer_fields,
        ("consent_text",): _text("Consent"),
    },
    "summary": {
        ("policy_text",): _text("Policy"),
        ("confirm_label",): _text("Words on the button"),
    },
}
