"""What every part of a service folder's description is made of."""

from typing import Annotated

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
JobName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Module = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9.]*/[a-z][a-z0-9.]*$")]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$")]
Offset = Annotated[int, Meta(ge=0, le=99)]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything a folder says: read only, and an unknown key is an error."""
