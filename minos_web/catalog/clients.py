"""What a service folder may say of its client commands, and of steps that run one of them."""

from typing import Annotated

from msgspec import Meta

from minos_web.catalog.gates import Gate
from minos_web.catalog.shape import Data, FileName, JobName, Name


class Client(Data, frozen=True):
    """How client commands of the service are run: like its tasks, with these ``files`` in place of generated ones (a log
    configuration that writes to the terminal), and these arguments of java and variables of the environment; those that
    are ``secured`` on clusters with Kerberos only.
    """

    files: dict[FileName, str] = {}
    environment: dict[str, str] = {}
    secured_environment: dict[str, str] = {}
    jvm_args: tuple[str, ...] = ("-Xmx512m",)
    system_properties: tuple[str, ...] = ()
    secured_system_properties: tuple[str, ...] = ()


class ClientCommand(Data, frozen=True):
    """A command that operators can run. ``main`` is a java class, or ``program`` an executable (``$package_dir`` stands for
    the package); ``class_path`` comes before that of the service; ``args`` come before what somebody writes, and may hold ``%{...}``. ``example`` is what one may write.
    With ``class_from_jar`` what somebody writes begins with a jar of the host and a class in it: the jar comes first in the
    class path, and java's property of that name says where it is.
    An ``interactive`` one reads lines while it runs. ``runs_code``: it carries out whatever code it is given, so that
    only who may administer can run it.
    """

    name: Name
    title: str
    main: str = ""
    program: str = ""
    args: tuple[str, ...] = ()
    class_path: tuple[str, ...] = ()
    class_from_jar: str = ""
    system_properties: tuple[str, ...] = ()
    example: str = ""
    interactive: bool = False
    runs_code: bool = False


AskName = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,31}$")]


class ClientStep(Data, frozen=True):
    """A client command as a step of an operation. ``args`` and ``input`` (what it reads) may hold ``%{...}``; it is given
    up after ``seconds``, and fails with an exit code that is none of ``good_exits``.
    """

    title: str
    command: Name
    args: tuple[str, ...] = ()
    input: str = ""
    seconds: Annotated[float, Meta(gt=0, le=7 * 86400)] = 600.0
    good_exits: tuple[int, ...] = (0,)


class Procedure(Data, frozen=True):
    """Client commands one after another that operators can have carried out on a cluster as an operation of its own, on
    the host of the first task of ``job``. ``asks`` are names of values that are asked for (with what they mean); their
    answers stand in place of ``@name@`` in arguments and input. ``admin``: only administrators may. ``gates`` are facts
    that must hold before the first command and again, within ``gate_seconds``, after the last one.
    """

    name: Name
    title: str
    about: str
    job: JobName
    steps: Annotated[tuple[ClientStep, ...], Meta(min_length=1)]
    asks: dict[AskName, str] = {}
    admin: bool = False
    gates: tuple[Gate, ...] = ()
    gate_seconds: Annotated[float, Meta(gt=0, le=7 * 86400)] = 600.0
