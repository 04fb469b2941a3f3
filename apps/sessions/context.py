"""Where a visit comes from and on what: marketing data, cleaned of whatever could name a person."""

from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, StringConstraints

from apps.core.logs import EMAIL
from apps.sessions.shapes import Shape

MAX_STORED_URL = 1000
UTM_PARAMETERS = {"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"}


def clean_url(url: str) -> str:
    """The page's address without user info, fragment and query, save for `utm_*`; empty if not http(s).

    A page may carry a name or an e-mail address in its query. Pages outside the web (`about:srcdoc`,
    `file:`) are no news to the funnel.
    """
    try:
        parts = urlsplit(_printable(url))
        port = f":{parts.port}" if parts.port else ""
        query = parse_qsl(parts.query, max_num_fields=200)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    utm = urlencode([(key, clean_text(value)) for key, value in query if key in UTM_PARAMETERS])
    page = urlunsplit((parts.scheme, parts.hostname + port, EMAIL.sub("", parts.path), "", ""))
    return f"{page[:MAX_STORED_URL]}?{utm}"[:MAX_STORED_URL] if utm else page[:MAX_STORED_URL]


def clean_referrer(url: str) -> str:
    """The address that the visitor came from, without any query: search words may be personal."""
    return clean_url(url).partition("?")[0]


def clean_text(text: str) -> str:
    """A campaign's word without control characters and e-mail addresses."""
    return EMAIL.sub("", _printable(text)).strip()


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


# Long addresses are cut, not refused: an ad's click ids must never stand in the way of a booking.
PageUrl = Annotated[str, StringConstraints(max_length=16_384), AfterValidator(clean_url)]
Referrer = Annotated[str, StringConstraints(max_length=16_384), AfterValidator(clean_referrer)]
CampaignWord = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean_text)]


class Utm(Shape):
    """The five campaign parameters."""

    source: CampaignWord = ""
    medium: CampaignWord = ""
    campaign: CampaignWord = ""
    term: CampaignWord = ""
    content: CampaignWord = ""


class SessionContext(Shape):
    """Marketing and device data of a visit (seed 000 §4.4.1). Holds nothing that names a person."""

    url: PageUrl = ""
    referrer: Referrer = ""
    utm: Utm = Field(default_factory=Utm)
    device: Literal["phone", "tablet", "desktop"] = "desktop"
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]{0,35}$")] = ""
    timezone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+\-/]{0,64}$")] = ""
