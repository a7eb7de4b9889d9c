"""Every form of ``%{...}``: its text -> a function that gives its value for a task."""

import base64
import difflib
import hashlib
import re
from collections.abc import Callable, Iterator

from minos_web.clusterfile.description import ClusterDescription, JobDescription, TaskSlot
from minos_web.clusterfile.directories import TaskDirs, roots_of, task_dirs
from minos_web.clusterfile.evaluate import CannotEvaluate, Context, Evaluator, Form, Scope
from minos_web.clusterfile.head import ORIGINAL_REALM
from minos_web.clusterfile.hosts import INSTANCE_STEP
from minos_web.clusterfile.problems import ClusterFileError, warning_at

_PORT = re.compile(r"base_port(?:([+-])([0-9]{1,5}))?")
_NUMBER = re.compile(r"[0-9]{1,9}")
_DIRECTORIES: dict[str, Callable[[TaskDirs], str]] = {
    "run_dir": lambda dirs: dirs.run_dir,
    "log_dir": lambda dirs: dirs.log_dir,
    "data_dir": lambda dirs: dirs.data_dirs[0],
    "data_dirs": lambda dirs: ",".join(dirs.data_dirs),
    "current_package_dir": lambda dirs: dirs.current_package_dir,
}
_TASK_WORDS: dict[str, Callable[[TaskSlot], str]] = {
    "task.number": lambda slot: str(slot.task_id),
    "task.job": lambda slot: slot.job,
    "task.host_id": lambda slot: str(slot.host_id),
    "task.instance": lambda slot: str(slot.instance_id),
    "task.base_port": lambda slot: str(slot.base_port),
}


MOST_TASKS_NAMED = 3


def language(description: ClusterDescription, context: Context) -> Evaluator:
    """The evaluator of a description for this context; made once."""
    key = ("language", context)
    if key not in description.memo:
        description.memo[key] = Evaluator(Forms(description, context).compile)
    known: Evaluator = description.memo[key]
    return known


class Forms:
    """The forms that make sense in one description."""

    def __init__(self, description: ClusterDescription, context: Context) -> None:
        self._description = description
        self._context = context
        self._words: dict[str, Form] = self._plain_words()

    def compile(self, expression: str) -> Form:
        """The form of an expression. Raises CannotEvaluate when there is none like it."""
        form = self._words.get(expression) or self._dotted(expression.split("."))
        if form is None:
            raise CannotEvaluate(f"%{{{expression}}} is not known{self._suggestion(expression)}")
        return form

    def _plain_words(self) -> dict[str, Form]:
        context = self._context
        words = {
            "config_dir": _constant(context.config_dir),
            "short_user_name": _constant(context.short_user_name),
            "remote_user": _constant(context.remote_user),
            "hadoop_conf_path": _constant("/etc/hadoop/conf"),
            "cluster.uuid": _constant(_uuid(self._description)),
            "current_host": Form(lambda scope: _slot(scope, "current_host").host_address),
            "zk.hosts": Form(lambda _: ",".join(self._zookeeper_hosts()), True),
            "zk.hosts_with_port": Form(lambda _: _with_port(self._zookeeper_job().tasks, ","), True),
            "journalnode_task_list": Form(lambda _: _with_port(self._journalnodes(), ";"), True),
            "server_list": Form(lambda _: "\n".join(self._server_list()), True),
            "slots_ports_list": Form(lambda _: self._slots(), True),
            "task.log_level": Form(lambda _: context.log_level or self._description.attributes["log_level"], True),
        }
        for name, ask in _TASK_WORDS.items():
            words[name] = Form(lambda scope, ask=ask, name=name: ask(_slot(scope, name)))  # type: ignore[misc]
        for name, pick in _DIRECTORIES.items():
            words[f"task.{name}"] = Form(
                lambda scope, pick=pick, name=name: pick(self._own_dirs(scope, f"task.{name}"))  # type: ignore[misc]
            )
        return words

    def _dotted(self, parts: list[str]) -> Form | None:  # noqa: PLR0911 - a table of forms, one return each
        jobs = self._description.all_jobs
        match parts:
            case ["cluster", attribute]:
                return self._attribute(self._description, attribute)
            case [job, "task_list"] if job in jobs:
                return Form(lambda _: _with_port(jobs[job].tasks, ","), True)
            case [job, "host_list"] if job in jobs:
                return Form(lambda _: ",".join(task.host_address for task in jobs[job].tasks), True)
            case [job, "voter_list"] if job in jobs:
                return Form(lambda _: _voters(jobs[job]), True)
            case [job, asked] if job in jobs:
                return self._job_form(jobs[job], asked)
            case [job, "host", *attribute] if job in jobs and attribute:
                return Form(lambda scope: self._host_attribute(jobs[job], ".".join(attribute), scope))
            case [job, number, asked] if job in jobs and _NUMBER.fullmatch(number):
                return self._task_form(lambda: jobs[job], int(number), asked)
            case [service, "cluster", attribute]:
                return Form(lambda scope: self._foreign_attribute(service, attribute).evaluate(scope), True)
            case [service, job, number, asked] if _NUMBER.fullmatch(number):
                return self._task_form(lambda: self._foreign_job(service, job), int(number), asked)
        return None

    def _suggestion(self, expression: str) -> str:
        parts = expression.split(".")
        if len(parts) == 2 and parts[1].startswith("base_port") and _PORT.fullmatch(parts[1]):
            return f": {parts[0]!r} is not a job of this cluster ({', '.join(self._description.all_jobs)})"
        near = difflib.get_close_matches(expression.strip(), list(self.known()), 1, 0.75)
        return f"; did you mean %{{{near[0]}}}?" if near else ""

    def known(self) -> Iterator[str]:
        """Expressions that make sense here; of many tasks, the first few."""
        yield from self._words
        for attribute in self._description.attributes:
            yield f"cluster.{attribute}"
        for job in self._description.all_jobs.values():
            yield from (f"{job.name}.base_port", f"{job.name}.task_list", f"{job.name}.host_list")
            yield from (f"{job.name}.{name}" for name in _DIRECTORIES)
            for number in range(min(len(job.tasks), MOST_TASKS_NAMED)):
                yield from (f"{job.name}.{number}.host", f"{job.name}.{number}.base_port")
            attributes = {name: None for host in job.hosts for name in host.attributes}
            yield from (f"{job.name}.host.{name}" for name in attributes)

    def known_of_others(self) -> Iterator[str]:
        """Expressions about the clusters that this one depends on; those of a cluster that cannot be read are left out."""
        for key, name in self._description.attributes.items():
            if not name or not key.endswith("_cluster"):
                continue
            service = "zookeeper" if key == "zk_cluster" else key.removesuffix("_cluster")
            try:
                jobs = self._foreign(service).all_jobs.values()
            except CannotEvaluate:
                continue
            yield f"{service}.cluster.name"
            for job in jobs:
                for number in range(min(len(job.tasks), MOST_TASKS_NAMED)):
                    yield from (f"{service}.{job.name}.{number}.host", f"{service}.{job.name}.{number}.base_port")

    def _attribute(self, description: ClusterDescription, attribute: str) -> Form:
        if attribute == "jobs":
            return _constant(str(list(description.job_names)))
        if attribute not in description.attributes:
            near = difflib.get_close_matches(attribute, description.attributes, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(description.attributes))}"
            raise CannotEvaluate(f"[cluster] has no attribute {attribute!r}{hint}")
        value = description.attributes[attribute]
        if attribute == "kerberos_realm" and value == ORIGINAL_REALM:
            self._warn_of_realm(description)
        return _constant(value)

    def _warn_of_realm(self, description: ClusterDescription) -> None:
        """Once, and where it is put right: with [cluster], whose default it is."""
        message = f"kerberos_realm= is missing, so it is {ORIGINAL_REALM} wherever it is asked for"
        problem = warning_at(description.document.tables["cluster"].place, message)
        if problem not in self._description.warnings:
            self._description.warnings.append(problem)

    def _job_form(self, job: JobDescription, asked: str) -> Form | None:
        if asked in _DIRECTORIES:
            pick = _DIRECTORIES[asked]
            return Form(lambda scope: pick(self._dirs(job, scope)))
        if asked.startswith("base_port"):
            plus = _port_offset(job.name, asked)
            return Form(lambda scope: str(job.base_port + plus + self._instance_offset(job, scope)))
        return None

    def _task_form(self, find: Callable[[], JobDescription], number: int, asked: str) -> Form | None:
        if asked == "host":
            return Form(lambda _: _task(find(), number).host_address, True)
        if asked.startswith("base_port"):
            plus = _port_offset("", asked)
            return Form(lambda _: str(_task(find(), number).base_port + plus), True)
        return None

    def _instance_offset(self, job: JobDescription, scope: Scope) -> int:
        slot = _slot(scope, f"{job.name}.base_port")
        if slot.instance_id and slot.job != job.name:
            scope.note(
                f"%{{{job.name}.base_port}} follows the instance of the task: {slot.job} {slot.instance_id} of a host gets "
                f"{job.base_port + INSTANCE_STEP * slot.instance_id}; %{{{job.name}.0.base_port}} does not"
            )
        return INSTANCE_STEP * slot.instance_id

    def _host_attribute(self, job: JobDescription, attribute: str, scope: Scope) -> str:
        slot = _slot(scope, f"{job.name}.host.{attribute}")
        host = job.hosts_by_number.get(slot.host_id)
        if host is None:
            raise CannotEvaluate(
                f"%{{{job.name}.host.{attribute}}} asks for host.{slot.host_id} of {job.name}, because {slot.job} "
                f"stands on a host of that number, but {job.name} has no such host"
            )
        known = {**host.attributes, "ip": host.address, "instance_num": str(host.instances)}
        if attribute not in known:
            raise CannotEvaluate(
                f"host.{host.number} ({host.address}) of {job.name} has no attribute {attribute!r}; "
                f"write host.{host.number}={host.address}/{attribute}=..."
            )
        return known[attribute]

    def _own_dirs(self, scope: Scope, asked: str) -> TaskDirs:
        slot = _slot(scope, asked)
        roots = roots_of(scope.directories, slot.host_address)
        return task_dirs(roots, slot.service, slot.cluster, slot.job, slot.instance)

    def _dirs(self, job: JobDescription, scope: Scope) -> TaskDirs:
        """Directories of a job as seen by a task: its own, or those of another job, whose first host then tells
        whether there are instances. The roots are those of the task's own host where that job runs there as well."""
        slot = _slot(scope, f"{job.name}.run_dir")
        if slot.job == job.name:
            return self._own_dirs(scope, "")
        if not job.hosts:
            raise CannotEvaluate(f"{job.name} has no host whose directories could be meant")
        first = job.hosts[0]
        address = slot.host_address if slot.host_address in job.addresses else first.address
        instance = slot.instance_id if slot.multi_instance and first.instances > 1 else None
        service, cluster = self._description.service.name, self._description.name
        return task_dirs(roots_of(scope.directories, address), service, cluster, job.name, instance)

    def _foreign(self, service: str) -> ClusterDescription:
        try:
            return self._description.foreign(service)
        except LookupError as error:
            raise CannotEvaluate(str(error)) from error
        except ClusterFileError as error:
            first = error.problems[0]
            raise CannotEvaluate(f"it refers to a {service} cluster that cannot be used: {first}") from error

    def _foreign_attribute(self, service: str, attribute: str) -> Form:
        return self._attribute(self._foreign(service), attribute)

    def _foreign_job(self, service: str, job: str) -> JobDescription:
        description = self._foreign(service)
        if job not in description.all_jobs:
            raise CannotEvaluate(f"{service} cluster {description.name} has no job {job!r}")
        return description.all_jobs[job]

    def _zookeeper_job(self) -> JobDescription:
        description = self._foreign("zookeeper")
        if not description.jobs:
            raise CannotEvaluate(f"zookeeper cluster {description.name} has no job")
        return description.jobs[0]

    def _zookeeper_hosts(self) -> list[str]:
        return [host.address for host in self._zookeeper_job().hosts]

    def _journalnodes(self) -> tuple[TaskSlot, ...]:
        return self._foreign_job("hdfs", "journalnode").tasks

    def _server_list(self) -> Iterator[str]:
        for slot in self._zookeeper_job().tasks:
            number = slot.host_id * slot.instance_num + slot.instance_id
            yield f"server.{number}={slot.host_address}:{slot.base_port + 2}:{slot.base_port + 3}"

    def _slots(self) -> str:
        job = self._description.all_jobs.get("supervisor")
        section = self._description.configuration.tables.get("storm.yaml")
        count = section.text("slot_number") if section else ""
        if job is None or not _NUMBER.fullmatch(count) or not 1 <= int(count) <= 1000:
            raise CannotEvaluate(
                "%{slots_ports_list} needs a job supervisor and slot_number= in [[storm.yaml]], a whole number (1 to 1000)"
            )
        first = job.base_port + INSTANCE_STEP
        return ",".join(str(first + number) for number in range(int(count)))


def _constant(text: str) -> Form:
    return Form(lambda _: text, True)


def _slot(scope: Scope, asked: str) -> TaskSlot:
    if scope.slot is None:
        raise CannotEvaluate(f"%{{{asked}}} differs from task to task and cannot stand in the path of a raw file")
    return scope.slot


def _port_offset(job: str, asked: str) -> int:
    match = _PORT.fullmatch(asked)
    if not match:
        dot = f"{job}." if job else ""
        raise CannotEvaluate(f"%{{...{dot}{asked}}}: behind base_port comes + or - and a number, and nothing else")
    sign, number = match.groups()
    return 0 if number is None else int(number) * (-1 if sign == "-" else 1)


def _task(job: JobDescription, number: int) -> TaskSlot:
    if number >= len(job.tasks):
        have = f"it has {len(job.tasks)}, numbered from 0" if job.tasks else "it has none"
        copied = f" (its hosts are those of {job.job.hosts_from}, which can be asked)" if job.job.hosts_from else ""
        raise CannotEvaluate(f"{job.name} has no task {number}: {have}{copied}")
    return job.tasks[number]


def _uuid(description: ClusterDescription) -> str:
    """22 letters and digits that are always the same for a cluster, as Kafka wants a name of a cluster to be."""
    digest = hashlib.sha256(f"{description.service.name}/{description.name}".encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=").replace("-", "A").replace("_", "B")


def _voters(job: JobDescription) -> str:
    """Every task as number@host:port, the port called controller, else the first one."""
    ports = ((slot, slot.ports.get("controller", slot.base_port)) for slot in job.tasks)
    return ",".join(f"{slot.task_id}@{slot.host_address}:{port}" for slot, port in ports)


def _with_port(slots: tuple[TaskSlot, ...], separator: str) -> str:
    return separator.join(f"{slot.host_address}:{slot.base_port}" for slot in slots)
