import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests.widget_client import problem


def broken(request: HttpRequest) -> HttpResponse:
    """A view with a bug."""
    raise RuntimeError("a bug")


urlpatterns = [path("v1/broken", broken), path("broken", broken)]
handler404 = "apps.core.api.fallbacks.page_not_found"
handler500 = "apps.core.api.fallbacks.server_error"


@pytest.mark.urls(__name__)
class TestWhereNoViewAnswers:
    def test_an_unknown_address_of_the_api_is_a_problem(self, client: Client) -> None:
        assert problem(client.get("/v1/nowhere")) == (404, "NOT_FOUND")

    def test_an_unknown_page_is_a_page(self, client: Client) -> None:
        assert client.get("/nowhere")["Content-Type"].startswith("text/html")

    def test_a_bug_behind_the_api_is_a_problem_that_names_the_request(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        response = Client(raise_request_exception=False).get("/v1/broken")

        assert problem(response) == (500, "INTERNAL_ERROR")
        assert "a bug" not in response.content.decode()

    def test_a_bug_behind_a_page_is_a_page(self) -> None:
        response = Client(raise_request_exception=False).get("/broken")

        assert (response.status_code, response["Content-Type"].startswith("text/html")) == (500, True)
