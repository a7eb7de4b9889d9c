"""Pages about the clusters of the old directory: all open, and a form sent back as it came changes no byte."""

import pytest
from sqlalchemy.orm import Session

from tests.minos_web.conftest import Browser
from tests.minos_web.old_site import tree
from tests.minos_web.old_site.conftest import ARCHIVE


@pytest.fixture
def browser(testapp: Browser, session: Session) -> Browser:
    """An admin's browser on a console that has taken the directory in."""
    tree.add_machines(session)
    session.commit()
    testapp.post("/api/v1/config-import?take=1", tree.as_tar_gz(), headers={**ARCHIVE, **testapp.csrf})
    return testapp


def test_every_page_of_every_cluster_opens(browser: Browser) -> None:
    for service, cluster in tree.CLUSTERS:
        own = f"/clusters/{service}/{cluster}"
        pages = [browser.get(own), browser.get(f"{own}/act/bootstrap")]
        links = {link["href"] for page in pages for link in page.html.select(f"a[href^='{own}']:not([download])")}
        assert f"{own}/tasks/" in " ".join(links)
        asked_live = {f"{own}/tree", f"{own}/ensemble"}  # of servers that nobody can reach
        for link in sorted(links - asked_live):
            assert browser.get(link).status_int < 400


def test_a_form_that_is_sent_back_as_it_came_changes_nothing(browser: Browser) -> None:
    for service, cluster in tree.CLUSTERS:
        path = f"conf/{service}/{service}-{cluster}.cfg"
        form = next(one for one in browser.get(f"/config-form/{path}").forms.values() if "based_on" in one.fields)
        form.submit(status=303)
        assert browser.get(f"/api/v1/config/{path}").body == tree.TAKEN[path]
