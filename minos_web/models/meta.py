"""The base of all tables and the kinds of columns they share. Times are seconds since the epoch, UTC."""

from typing import Any, ClassVar

from sqlalchemy import Double, LargeBinary, MetaData, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase

# Names are spelled out so that migrations are the same on every database.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    # Of single precision a time would be right to two minutes: that is what MariaDB makes of a float.
    type_annotation_map: ClassVar[dict[Any, Any]] = {float: Double}


# MariaDB's TEXT and BLOB end at 64 KB, where a configuration file, what a process printed, or a mail may not: 16 MB there.
@compiles(Text, "mysql", "mariadb")
def _text(_kind: Text, _compiler: Any, **_options: Any) -> str:
    return "MEDIUMTEXT"


@compiles(LargeBinary, "mysql", "mariadb")
def _bytes(kind: LargeBinary, _compiler: Any, **_options: Any) -> str:
    return f"BLOB({kind.length})" if kind.length and kind.length < 2**16 else "MEDIUMBLOB"
