"""The page of what is granted, for somebody to whom nothing has to be."""

from tests.minos_web.conftest import Browser


def test_who_sees_all_is_not_sent_to_an_administrator(testapp: Browser) -> None:
    page = testapp.get("/mine")
    assert "Every cluster is yours to see" in page.text and "Ask an administrator" not in page.text
    assert page.html.select_one("main a[href='/clusters']") is not None
