"""Pages in other languages: every marked text is translated, nothing that it names is lost, and no page breaks."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from pyramid.testing import DummyRequest
from webtest import TestApp

from minos_web.console import Console
from minos_web.monitor import status
from minos_web.security.permissions import Role
from minos_web.views import badges, language
from minos_web.views.language import LANGUAGES, ROLES, STATUS_WORDS, Texts

HOUSE = Path(sys.modules[language.__name__].__file__ or "").parents[1]
KEYWORDS = {"_": None, "_n": (1, 2), "mark": None}
RULES = [("views/**.py", "python"), ("templates/**.mako", "mako")]
TRANSLATED = [name for name in LANGUAGES if name != "en"]
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


def catalogue(name: str) -> Catalog:
    with (HOUSE / "locale" / name / "LC_MESSAGES" / "minos.po").open("rb") as lines:
        return read_po(lines, locale=name)


def marked() -> Iterator[tuple[str, ...]]:
    """Every text that the sources mark, with its plural if it has one."""
    options = {"templates/**.mako": {"input_encoding": "utf-8"}}
    for _, _, text, _, _ in extract_from_dir(HOUSE, RULES, options, keywords=KEYWORDS):
        yield (text,) if isinstance(text, str) else tuple(text)


def places(text: str) -> set[str]:
    return set(re.findall(r"\{[^}]*\}", text))


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_marked_text_is_translated_and_nothing_else(name: str) -> None:
    found, texts = catalogue(name), set(marked())
    assert len(texts) > 100
    missing = sorted(text[0] for text in texts if not (row := found.get(text[0])) or not all(_forms(row.string)))
    assert not missing, f"locale/{name}: no translation of {missing}"
    over = sorted(str(row.id) for row in found if row.id and _forms(row.id) not in texts)
    assert not over, f"locale/{name}: nothing says {over} any more"


@pytest.mark.parametrize("name", TRANSLATED)
def test_translations_name_the_same_values(name: str) -> None:
    for row in catalogue(name):
        wanted = places(_forms(row.id)[-1]) if row.id else set()
        assert all(places(form) == wanted for form in _forms(row.string)) or not row.id, row.id


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_the_texts(name: str) -> None:
    compiled = HOUSE / "locale" / name / "LC_MESSAGES" / "minos.mo"
    assert compiled.is_file(), "make assets"
    with compiled.open("rb") as file:
        texts = GNUTranslations(file)
    for row in catalogue(name):
        one = _forms(row.id)[0]
        said = texts.ngettext(*row.id, 2) if isinstance(row.id, list | tuple) else texts.gettext(one)
        assert not one or said == _forms(row.string)[-1], "make assets"


def _forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def test_every_word_of_a_status_is_in_the_list() -> None:
    said = set()
    for node in ast.walk(ast.parse(Path(status.__file__).read_text())):
        parts = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else []
        first = parts[0] if parts else None
        if isinstance(first, ast.Attribute) and isinstance(first.value, ast.Name) and first.value.id == "Kind":
            said.update(part.value for part in parts[1:2] if isinstance(part, ast.Constant))
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "word"
            and isinstance(node.value, ast.Constant)
        ):
            said.add(node.value.value)
    for table in (badges._OPERATIONS, badges._STEPS, badges._DECISIONS):
        said.update(word for _, word in table.values())
    said.update(word for _, word in status.HEALTH_KINDS.values())
    said |= {"waits for approval", "rejected", "revoked"}
    assert len(said) > 30
    assert said == set(STATUS_WORDS)


def test_every_role_is_in_the_list() -> None:
    assert {str(role) for role in Role} <= set(ROLES)


@pytest.mark.parametrize(
    ("asked", "cookie", "lang"),
    [
        ("", "", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-CN"),
        ("zh", "", "zh-CN"),
        ("zh-Hans-CN", "", "zh-CN"),
        ("de-AT,de;q=0.9", "", "en"),
        ("en-GB,zh;q=0.5", "", "en"),
        ("zh-CN", "en", "en"),
        ("en", "zh_CN", "zh-CN"),
        ("en", "../../etc", "en"),
        ("\x7f;;q=", "", "en"),
    ],
)
def test_a_choice_counts_before_what_the_browser_asks_for(
    anonymous: TestApp, asked: str, cookie: str, lang: str
) -> None:
    if cookie:
        anonymous.set_cookie("minos_language", cookie)
    page = anonymous.get("/sign-in", headers={"Accept-Language": asked} if asked else {})
    assert page.html.html["lang"] == lang
    assert (page.html.h1.text == "登录") == (lang == "zh-CN")


def test_a_choice_is_kept_and_leads_back(testapp: Any) -> None:
    page = testapp.get("/hosts?state=pending")
    form = next(form for form in page.forms.values() if form.action.endswith("/language"))
    done = form.submit("language", index=0)
    assert done.location == "http://localhost/hosts?state=pending"
    chinese = done.follow()
    assert chinese.html.html["lang"] == "zh-CN"
    assert "主机" in chinese.html.find(class_="mn-nav__list").text
    assert chinese.html.main["lang"] == "en"
    assert testapp.post("/language", {"language": "xx"}, testapp.csrf, expect_errors=True).status_int == 404
    away = testapp.post("/language", {"language": "en", "next": "//evil.example"}, testapp.csrf)
    assert away.location == "http://localhost/"


def test_what_went_wrong_is_said_in_the_language(anonymous: TestApp) -> None:
    form = anonymous.get("/sign-in", headers=CHINESE).forms[0]
    form["user"], form["password"] = "nobody", "nothing"
    assert "用户或密码错误。" in form.submit(headers=CHINESE, status=401).text
    for _ in range(4):
        form.submit(headers=CHINESE, status=401)
    assert "尝试次数过多；请在" in form.submit(headers=CHINESE, status=429).text


def test_words_of_states_and_counts(app: Any, console: Console) -> None:
    request = DummyRequest()
    request.registry = app.registry
    for name, words in (("en", ("was running, in maintenance", "2 recovery codes left", "1 recovery code left")),
                        ("zh_CN", ("此前运行中（维护中）", "剩余 2 个恢复码", "剩余 1 个恢复码"))):  # fmt: skip
        request._LOCALE_, request.locale_name = name, name
        request.__dict__.pop("localizer", None)
        texts = Texts(request)
        counted = [texts.counted("{n} recovery code left", "{n} recovery codes left", n) for n in (2, 1)]
        assert (texts.status("was running, in maintenance"), *counted) == words
    assert texts.text("") == ""
    assert texts.text("nobody translated this") == "nobody translated this"
    assert texts.status("exit 0") == "exit 0"


def test_no_page_breaks_in_another_language(browser_as: Callable[[str], Any], app: Any) -> None:
    browser = browser_as("admin")
    routes = app.registry.introspector.get_category("routes")
    plain = [
        item["introspectable"]["pattern"] for item in routes if not set("{*") & set(item["introspectable"]["pattern"])
    ]
    seen = 0
    for path in plain:
        answer = browser.get(path, headers=CHINESE, expect_errors=True)
        assert answer.status_int < 500, path
        if answer.status_int == 200 and answer.content_type == "text/html" and "<html" in answer.text:
            assert answer.html.html["lang"] == "zh-CN", path
            seen += 1
    assert seen > 15
