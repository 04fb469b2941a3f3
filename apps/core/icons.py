"""Lucide's icons, each as one path on a 24 × 24 grid: what customers see ships only the ones it uses.

The shapes come from the `lucide` package, which holds every icon as an SVG file. One `d` attribute is all
that is taken from them, made of letters, numbers and signs alone: so no document of ours can carry markup or
a script.
"""

import difflib
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from django.core.exceptions import ValidationError

PATH = r"^[MmLlHhVvCcSsQqTtAaZz0-9 ,.+-]+$"

# Names that Lucide has given up, and that people and older rows still use.
RENAMED = {
    "alert-circle": "circle-alert",
    "alert-triangle": "triangle-alert",
    "bar-chart": "chart-no-axes-column",
    "check-circle": "circle-check-big",
    "edit": "square-pen",
    "help-circle": "circle-question-mark",
    "home": "house",
    "minus-circle": "circle-minus",
    "more-horizontal": "ellipsis",
    "plus-circle": "circle-plus",
    "tool": "wrench",
    "unlock": "lock-open",
    "x-circle": "circle-x",
}

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RELATIVE_START = re.compile(rf"m\s*({_NUMBER})[\s,]*({_NUMBER})\s*(?:,\s*)?(.*)", re.DOTALL)


class UnknownIcon(KeyError):
    """Lucide has no icon of this name."""


@cache
def icon_names() -> frozenset[str]:
    """Every name that there is."""
    return frozenset(name.removesuffix(".svg") for name in _archive().namelist())


def icons_version() -> str:
    """The version of the package that the shapes come from."""
    return version("lucide")


def current_name(name: str) -> str | None:
    """The name that Lucide uses today for what somebody asked for; None where there is no such icon."""
    name = RENAMED.get(name, name)
    return name if name in icon_names() else None


def icon_path(name: str) -> str:
    """The icon as the `d` of one SVG path, to be stroked. Raises UnknownIcon."""
    found = current_name(name)
    if found is None:
        raise UnknownIcon(name)
    return _path_of_file(found)


def all_icons() -> dict[str, str]:
    """Every icon's path by its name, in the order of the names. Takes some tenths of a second."""
    return {name: _one_path(_archive().read(f"{name}.svg")) for name in sorted(icon_names())}


def near_names(name: str) -> list[str]:
    """Up to three names that somebody may have meant, the likeliest first."""
    wanted = name.strip().lower().replace(" ", "-").replace("_", "-")
    exact = [found] if (found := current_name(wanted)) else []
    whole_word = sorted((n for n in icon_names() if wanted in n.split("-")), key=lambda n: (len(n), n))
    close = difflib.get_close_matches(wanted, sorted(icon_names()), n=3, cutoff=0.6)
    return list(dict.fromkeys([*exact, *whole_word[:2], *close]))[:3]


def validate_icon(name: str) -> None:
    """Refuse a name that Lucide does not know, and say which it may have been. Raises ValidationError."""
    if name and current_name(name) is None:
        near = " or ".join(f"“{other}”" for other in near_names(name)[:2])
        hint = f" Did you mean {near}?" if near else " Choose one from the list."
        raise ValidationError(f"There is no icon “{name}”.{hint}", code="unknown_icon")


def icons_in(document: Any) -> dict[str, str]:
    """The paths of exactly the icons that a document names anywhere under the key `icon`."""
    names = sorted(set(_names_in(document)))
    return {name: icon_path(name) for name in names if current_name(name) is not None}


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "icon" and isinstance(inner, str):
                yield inner
            else:
                yield from _names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names_in(inner)


# --- From the package's files to paths -----------------------------------------------------------------


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@lru_cache(maxsize=512)
def _path_of_file(name: str) -> str:
    return _one_path(_archive().read(f"{name}.svg"))


def _one_path(svg: bytes) -> str:
    """The shapes of an SVG file in one `d`, without what only matters to files: size, colour, names."""
    root = ET.fromstring(svg)  # noqa: S314  (files of an installed package)
    return " ".join(_path_of(shape.tag.rpartition("}")[2], shape.attrib) for shape in root)


def _path_of(tag: str, shape: dict[str, str]) -> str:
    if tag == "path":
        return _absolute_start(shape["d"])
    if tag in {"polyline", "polygon"}:
        return f"M{shape['points']}" + ("Z" if tag == "polygon" else "")
    if tag == "line":
        return f"M{shape['x1']} {shape['y1']}L{shape['x2']} {shape['y2']}"
    if tag == "rect":
        return _rectangle(shape)
    return _oval(shape)


def _absolute_start(path: str) -> str:
    """A path that does not begin where another one has ended: a first `m` counts from there, `M` does not."""
    relative = _RELATIVE_START.fullmatch(path)
    if relative is None:
        return path
    x, y, rest = relative.groups()
    # Pairs that follow a relative `m` without a letter are relative lines.
    return f"M{x} {y}{'l' if rest[:1] in '-+.0123456789' and rest else ''}{rest}"


def _oval(shape: dict[str, str]) -> str:
    cx, cy = float(shape["cx"]), float(shape["cy"])
    rx, ry = float(shape.get("rx", shape.get("r", 0))), float(shape.get("ry", shape.get("r", 0)))
    half = f"a{rx:g} {ry:g} 0 1 0 "
    return f"M{cx - rx:g} {cy:g}{half}{2 * rx:g} 0{half}{-2 * rx:g} 0"


def _rectangle(shape: dict[str, str]) -> str:
    x, y, width, height = (float(shape.get(name, 0)) for name in ("x", "y", "width", "height"))
    rx = min(float(shape.get("rx", shape.get("ry", 0))), width / 2)
    ry = min(float(shape.get("ry", shape.get("rx", 0))), height / 2)
    if not rx or not ry:
        return f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"
    corner, across, down = f"a{rx:g} {ry:g} 0 0 1 ", width - 2 * rx, height - 2 * ry
    return (
        f"M{x + rx:g} {y:g}h{across:g}{corner}{rx:g} {ry:g}v{down:g}{corner}{-rx:g} {ry:g}"
        f"h{-across:g}{corner}{-rx:g} {-ry:g}v{-down:g}{corner}{rx:g} {-ry:g}z"
    )
