"""The same on the other databases that a console may have: a storm, its end, an escalation, and forgetting."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select

from minos_web.console import Console
from minos_web.models.database import readers, writers
from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryItem
from minos_web.notify.forgetting import forget_news
from tests.minos_web.databases import SERVERS, made_database
from tests.minos_web.notify.desk import Desk, alert
from tests.minos_web.notify.servers import MailServer


@pytest.fixture(scope="module", params=list(SERVERS))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with made_database(request.param, tmp_path_factory.mktemp("database")) as engine:
        yield engine


def test_a_storm_and_what_comes_after_it(
    engine: Engine, desk_with: Callable[..., Desk], console: Console, mail: MailServer
) -> None:
    settings = {"smtp_host": "127.0.0.1", "smtp_port": mail.port, "alert_mail": "ops@example.org"}
    made = desk_with(**settings).console
    desk = Desk(replace(made, engine=engine, readers=readers(engine), writers=writers(engine)))
    pager = desk.channel(name="pager", host="127.0.0.1", port=mail.port, security="none")
    desk.routed("night", stages=((0, 0), (pager.id, 5, ["pager@example.org"])), recipients=["desk@example.org"])
    desk.add(*(alert(number + 1, f"k{number}") for number in range(50)))
    for number in range(50):
        desk.tell(f"trouble {number}", key=f"k{number}")
    desk.work()
    assert mail.mails.to == [["desk@example.org"]] * 5 and desk.states().count("merged") == 45
    desk.tell("well again", kind="recovery", key="k0")
    desk.later(330)
    assert mail.mails.to[5:] == [["desk@example.org"], *[["pager@example.org"]] * 5], "of k0 the pager need not hear"
    assert mail.mails.subjects[5] == "[OK] zookeeper/lake: well again"
    with desk.console.readers() as session:
        held = select(func.count()).select_from(DeliveryItem).join(Delivery).where(Delivery.state == "sent")
        assert session.scalar(held) == 100, "50 to the desk and the end; 49 to the pager"
    desk.routed("digest", recipients=["boss@example.org"], collect_minutes=10, position=1)
    desk.tell("a")
    desk.tell("b")
    desk.work()
    desk.later(600)
    assert mail.mails.to[-1] == ["boss@example.org"] and mail.mails.subjects[-1].endswith("a and 1 more")
    with desk.console.writers.begin() as session:
        forget_news(session, desk.now + 1)
        assert session.scalar(select(func.count()).select_from(News)) == 0
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
