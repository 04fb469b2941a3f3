import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from apps.availability.models import Resource
from apps.content.models import BookingService
from apps.demo.machinery.access import website_key_id
from apps.demo.saks_silke.company import SAKS_SILKE
from apps.demo.summit_peak.company import SUMMIT_PEAK
from apps.flows.models import SchedulerConfig
from apps.organizations.models import ApiKey

PAGES = ["/", "/plumbing", "/heating-cooling", "/about"]
SALON = ["/demo/salon", "/demo/salon/team"]
DANISH = ["/demo/salon/da", "/demo/salon/da/team"]


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def get(path: str) -> Tags:
    response = Client().get(path)
    assert response.status_code == 200
    return Tags(response.content.decode())


@pytest.mark.usefixtures("seeded")
class TestPages:
    def test_embed_the_widget_with_exactly_one_script(self) -> None:
        token = ApiKey.objects.get(id=website_key_id(SUMMIT_PEAK)).publishable_token
        for path in PAGES:
            (script,) = get(path).all("script")
            assert (script["src"], script["data-api-key"]) == ("/scheduler.js", token)
            # What is said where nothing can be loaded.
            assert (script["data-phone"] or "").startswith("+")
        token = ApiKey.objects.get(id=website_key_id(SAKS_SILKE)).publishable_token
        for path in SALON + DANISH:
            (script,) = get(path).all("script")
            assert (script["src"], script["data-api-key"]) == ("/scheduler.js", token)
            # What is said where nothing can be loaded.
            assert (script["data-phone"] or "").startswith("+")

    def test_have_elements_for_every_trigger(self) -> None:
        selectors = SchedulerConfig.objects.get(organization__slug=SUMMIT_PEAK.slug).target_click_elements
        assert selectors == ["[data-wrkbelt-book]", "#book-now", "a[href='#book']"]
        for path in PAGES + SALON + DANISH:
            tags = get(path)
            everything = [attributes for _, attributes in tags.found]
            assert sum(attributes.get("id") == "book-now" for attributes in everything) == 1
            assert any("data-wrkbelt-book" in attributes for attributes in everything)
            # Without the script these lead to the section with the phone numbers.
            assert any(link["href"] == "#book" for link in tags.all("a") if "href" in link)
            assert any(section.get("id") == "book" for section in tags.all("section"))

    def test_can_be_found_about_by_ear(self) -> None:
        for path in PAGES + SALON + DANISH:
            tags = get(path)
            assert tags.all("html")[0]["lang"] == ("da" if path in DANISH else "en")
            assert [len(tags.all(tag)) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
            assert all("alt" in image for image in tags.all("img"))

    def test_have_no_inline_script_or_style_and_load_nothing_from_elsewhere(self) -> None:
        for path in PAGES + SALON + DANISH:
            response = Client().get(path)
            tags = Tags(response.content.decode())
            assert "unsafe" not in response["Content-Security-Policy"]
            assert not tags.all("style")
            assert not [attributes for _, attributes in tags.found if "style" in attributes]
            loaded = [
                a.get("src") or a.get("href") or "" for n in ("img", "script", "link") for a in tags.all(n)
            ]
            assert all(address.startswith("/") for address in loaded)

    def test_show_the_prices_and_people_that_staff_have_entered(self) -> None:
        BookingService.objects.filter(title="Drain clearing").update(price="137.50")
        BookingService.objects.filter(title="Leak repair").update(active=False)
        Resource.objects.filter(name="Tom Becker").update(active=False)

        plumbing = Client().get("/plumbing").content.decode()
        about = Client().get("/about").content.decode()

        assert "$137.50" in plumbing
        assert "Leak repair" not in plumbing
        assert not re.search(r"<b>Tom Becker</b>", about)
        assert "<b>Maria Delgado</b>" in about

    def test_of_the_salon_show_its_prices_and_people(self) -> None:
        BookingService.objects.filter(title="Balayage").update(price="1650.00")

        home = Client().get("/demo/salon").content.decode()

        assert "1650 kr." in home
        assert "<b>Freja Dahl</b><span>Wash, brows</span>" in home
        assert "Tue–Fri 10 am – 7 pm" in home

    def test_of_the_salon_are_there_in_danish_with_the_same_prices(self) -> None:
        BookingService.objects.filter(title="Balayage").update(price="1650.00")

        home = Client().get("/demo/salon/da").content.decode()

        assert "1650 kr." in home
        assert "Vask og hovedmassage" in home
        assert "<b>Freja Dahl</b><span>Vask, bryn</span>" in home
        assert "Tirs–fre 10–19" in home
        assert "1 t. 15 min. · Uden ammoniak" in home

    def test_of_the_salon_lead_to_the_same_page_in_the_other_language(self) -> None:
        for english, danish in zip(SALON, DANISH, strict=True):
            assert [a["href"] for a in get(english).all("a") if a.get("hreflang") == "da"] == [danish]
            assert [a["href"] for a in get(danish).all("a") if a.get("hreflang") == "en"] == [english]

    def test_serve_the_logo_that_the_widget_shows(self) -> None:
        response = Client().get("/media/brand/summit-peak-logo.png")

        assert response.status_code == 200
        assert response["Content-Type"] == "image/png"

    def test_ask_the_database_a_few_questions_only(self, django_assert_max_num_queries: object) -> None:
        with django_assert_max_num_queries(4):  # type: ignore[operator]  # pytest-django's fixture
            get("/")
        with django_assert_max_num_queries(5):  # type: ignore[operator]  # pytest-django's fixture
            get("/demo/salon")


class TestBeforeTheSeed:
    @pytest.mark.parametrize("path", PAGES + SALON + DANISH)
    def test_says_how_to_seed(self, path: str, db: None) -> None:
        response = Client().get(path)

        assert response.status_code == 200
        assert "manage.py seed_demo" in response.content.decode()
