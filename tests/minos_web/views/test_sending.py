"""File names that hold anything, in a header that holds one line."""

import pytest

from minos_web.views.sending import disposition


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.log", 'attachment; filename="a.log"'),
        ("dptst-zk-0-a_b+c.log.1", 'attachment; filename="dptst-zk-0-a_b+c.log.1"'),
        ("a b.log", "attachment; filename=\"a_b.log\"; filename*=UTF-8''a%20b.log"),
        ('x"; y="\r\nSet-Cookie: a', "attachment; filename=\"x_y_Set-Cookie_a\"; filename*=UTF-8''x%22%3B%20y%3D%22%0D%0ASet-Cookie%3A%20a"),
        ("größe.log", "attachment; filename=\"gr_e.log\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.log"),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        (".profile", "attachment; filename=\"profile\"; filename*=UTF-8''.profile"),
        ("日本", "attachment; filename=\"file\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC"),
        ("\udcff.log", "attachment; filename=\"log\"; filename*=UTF-8''%3F.log"),
        ("", 'attachment; filename="file"'),
    ],
)  # fmt: skip
def test_disposition(name: str, header: str) -> None:
    assert disposition(name) == header
