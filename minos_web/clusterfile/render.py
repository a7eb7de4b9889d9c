"""A task of a description -> its files, start specification and one-time actions."""

from collections.abc import Iterator, Mapping, Sequence

from minos_common.verbs import FactPage, Lifecycle, Limits, OneTimeAction, StartSpec, StatusPage
from minos_web.catalog.clients import ClientCommand
from minos_web.catalog.description import Job, OnceAction, Status
from minos_web.catalog.facts import FactSource
from minos_web.clusterfile.arguments import KINDS, Item, plain
from minos_web.clusterfile.description import ClusterDescription, JobDescription, TaskSlot
from minos_web.clusterfile.directories import HostDirs, roots_of, task_dirs
from minos_web.clusterfile.evaluate import Context, Evaluator, Scope
from minos_web.clusterfile.files import FilePlan, file_plans
from minos_web.clusterfile.forms import language
from minos_web.clusterfile.leaving import with_leaving
from minos_web.clusterfile.problems import ClusterFileError, Place, Problem
from minos_web.clusterfile.rendered import Arguments, Bootstrap, Once, RenderedClient, RenderedTask

NO_CONTEXT = Context()


def render_task(
    description: ClusterDescription,
    slot: TaskSlot,
    directories: Mapping[str, HostDirs] | None = None,
    context: Context = NO_CONTEXT,
    join: bool = False,
) -> RenderedTask:
    """Everything a worker needs for ``slot``. ``directories`` maps host addresses to their roots (others: defaults).
    With ``join`` its bootstrap is that of a task that joins others, even if it is task 0.

    What all tasks share is worked out once for a description. Warnings that only rendering finds are added to the
    description. Raises ClusterFileError with every problem of this task.
    """
    return _renderer(description, context).task(slot, {} if directories is None else directories, join)


def render_client(
    description: ClusterDescription,
    slot: TaskSlot,
    command: ClientCommand,
    words: Sequence[str],
    directories: Mapping[str, HostDirs] | None = None,
    context: Context = NO_CONTEXT,
) -> RenderedClient:
    """A client command with the files of ``slot``; ``words`` are what follows the command's own arguments, as they are.
    Raises ClusterFileError.
    """
    task = render_task(description, slot, directories, context)
    rules = description.service.client
    secured = description.secured
    wanted = rules.environment | (rules.secured_environment if secured else {})
    options = [
        *rules.system_properties,
        *command.system_properties,
        *(rules.secured_system_properties if secured else ()),
    ]
    given = [*command.args, *options, *wanted.values()]
    texts = iter(render_texts(description, slot, given, directories, context))
    args = [next(texts) for _ in command.args]
    properties = [next(texts) for _ in options]
    # As arguments, because java tells of its variable on every run; one before 9 ignores what it does not know.
    opens = [f"--add-opens={module}=ALL-UNNAMED" for module in task.start.open_modules]
    jvm_args = ["-XX:+IgnoreUnrecognizedVMOptions", *opens, *rules.jvm_args] if opens else list(rules.jvm_args)
    start = StartSpec(
        jvm_args=[] if command.program else jvm_args,
        system_properties=[] if command.program else properties,
        main_entry=[*([command.main] if command.main else []), *args],
        extra_args=list(words),
        class_path=[*command.class_path, *task.start.class_path],
        added_class_path=task.start.added_class_path,
        environment=task.start.environment | dict(zip(wanted, texts, strict=True)),
        program=command.program,
    )
    return RenderedClient(task.files | rules.files, start)


def render_texts(
    description: ClusterDescription,
    slot: TaskSlot,
    texts: Sequence[str],
    directories: Mapping[str, HostDirs] | None = None,
    context: Context = NO_CONTEXT,
) -> list[str]:
    """Texts of the catalog with their ``%{...}`` worked out for ``slot``. Raises ClusterFileError."""
    scope, problems, results = Scope(slot, {} if directories is None else directories), [], []
    place = Place(f"{description.service.name}/service.toml", None, "commands")
    for text in texts:
        result, found = language(description, context).text_of(text, place, scope)
        problems += found
        results.append(result)
    if any(problem.level == "error" for problem in problems):
        raise ClusterFileError(problems)
    return results


def file_plan(description: ClusterDescription, name: str, context: Context = NO_CONTEXT) -> FilePlan | None:
    """How the generated file of this name is made; None when the service makes no such file."""
    return _renderer(description, context).plans.get(name)


def _renderer(description: ClusterDescription, context: Context) -> "_Renderer":
    key = ("renderer", context)
    if key not in description.memo:
        description.memo[key] = _Renderer(description, context)
    known: _Renderer = description.memo[key]
    return known


class _Renderer:
    def __init__(self, description: ClusterDescription, context: Context) -> None:
        self._description = description
        self._words: Evaluator = language(description, context)
        self.plans = {plan.name: plan for plan in file_plans(description, self._words)}
        self._warned: set[Problem] = set(description.warnings)

    def task(self, slot: TaskSlot, directories: Mapping[str, HostDirs], join: bool) -> RenderedTask:
        problems: list[Problem] = []
        scope = Scope(slot, directories)
        roots = roots_of(directories, slot.host_address)
        dirs = task_dirs(roots, slot.service, slot.cluster, slot.job, slot.instance)
        job = self._description.job(slot.job)
        files = self._files(scope, problems)
        arguments = self._arguments(job, scope, problems)
        rendered = RenderedTask(
            slot=slot,
            dirs=dirs,
            files=files,
            raw_names=tuple(self._description.raw_files),
            arguments=arguments,
            start=self._start(job, slot, arguments, scope, problems),
            bootstrap=Bootstrap(
                actions=list(self._once(self._description.service.bootstrap, arguments, scope, problems, join)),
                needs_files=self._description.service.bootstrap_needs_files,
                data_dir_indexes=tuple(range(len(dirs.data_dirs))) if job.job.all_data_dirs else (0,),
                left_to_others=_left_to_others(self._description.service.bootstrap, slot, join),
            ),
            cleanup=list(self._once(self._description.service.cleanup, arguments, scope, problems)),
            package=self._description.package,
        )
        self._settle(problems)
        return rendered

    def _settle(self, problems: list[Problem]) -> None:
        if any(problem.level == "error" for problem in problems):
            raise ClusterFileError(problems)
        for problem in problems:
            if problem not in self._warned:
                self._warned.add(problem)
                self._description.warnings.append(problem)

    def _files(self, scope: Scope, problems: list[Problem]) -> dict[str, str]:
        raw = {name: raw.text for name, raw in self._description.raw_files.items()}
        job = scope.slot.job if scope.slot else ""
        files, found = with_leaving(raw, self._description, job, scope.directories, self._words)
        problems += found
        for name, plan in self.plans.items():
            files[name] = plan.text(scope, problems)
        return files

    def _arguments(self, job: JobDescription, scope: Scope, problems: list[Problem]) -> Arguments:
        lists = {kind: self._evaluated(job.arguments.get(kind, ()), scope, problems) for kind in KINDS}
        return Arguments(**lists)

    def _evaluated(self, items: tuple[Item, ...], scope: Scope, problems: list[Problem]) -> list[str]:
        texts = []
        for item in items:
            text, found = self._words.text_of(item.text, item.place, scope)
            problems += found
            texts.append(text)
        return texts

    def _start(
        self, described: JobDescription, slot: TaskSlot, arguments: Arguments, scope: Scope, problems: list[Problem]
    ) -> StartSpec:
        service, job, running = self._description.service, described.job, described.running
        place = Place(f"{service.name}/service.toml", None, "environment")
        environment = {}
        for key, text in service.environment.items():
            environment[key], found = self._words.text_of(text, place, scope)
            problems += found
        return StartSpec(
            jvm_args=[plain(item) for item in arguments.jvm_args],
            system_properties=[plain(item) for item in arguments.system_properties],
            main_entry=[plain(item) for item in arguments.main_entry],
            extra_args=[plain(item) for item in arguments.extra_args],
            class_path=list(service.class_path),
            added_class_path=list(service.added_class_path),
            environment=environment,
            program=job.program,
            http_url=f"http://{slot.host_address}:{slot.ports[job.web]}" if job.web else "",
            status=_status_page(job, slot),
            lifecycle=_lifecycle(job, running.start_at_boot),
            limits=Limits(running.limit_nofile, running.limit_core),
            open_modules=list(service.open_modules),
        )

    def _once(
        self,
        actions: tuple[OnceAction, ...],
        arguments: Arguments,
        scope: Scope,
        problems: list[Problem],
        join: bool = False,
    ) -> Iterator[Once]:
        """Actions for this task; "first" is always task 0 of the job, whatever an operator selects."""
        slot = scope.slot
        assert slot is not None
        for action in actions:
            if not _concerns(action, slot, join) or not self._is_meant(action):
                continue
            place = Place(f"{slot.service}/service.toml", None, action.name)
            texts = []
            for text in (action.path, action.text, *action.args):
                result, found = self._words.text_of(text, place, scope)
                problems += found
                texts.append(result)
            entry = [action.main] if action.main else [plain(item) for item in arguments.main_entry]
            before = entry if action.kind == "run" else []
            order = OneTimeAction(action.kind, texts[0], texts[1], [*before, *texts[2:]])
            yield Once(action.name, order, {**action.show})

    def _is_meant(self, action: OnceAction) -> bool:
        section, _, key = action.when.partition(":")
        table = self._description.configuration.tables.get(section)
        return not action.when or (table is not None and bool(table.text(key)))


def _concerns(action: OnceAction, slot: TaskSlot, join: bool) -> bool:
    first = slot.task_id == 0 and not join
    return action.job == slot.job and action.tasks != ("others" if first else "first")


def _left_to_others(actions: tuple[OnceAction, ...], slot: TaskSlot, join: bool) -> str:
    """Name of the action of this job that is not for this task; empty when one is, or when the job has none."""
    of_job = [action for action in actions if action.job == slot.job]
    return "" if not of_job or any(_concerns(action, slot, join) for action in of_job) else of_job[0].name


def _status_page(job: Job, slot: TaskSlot) -> StatusPage | None:
    status = job.status
    if status is None:
        return None
    return StatusPage(
        reader=status.reader,
        address=f"{slot.host_address}:{slot.ports[status.port]}",
        path=status.path,
        fallback_port=slot.ports[status.fallback] if status.fallback else 0,
        keep={figure.source: f"{slot.service}.{figure.name}" for figure in status.figures},
        words={f"{slot.service}.{figure.name}": figure.words for figure in status.figures if figure.words},
        facts=tuple(_fact_page(source, status, slot) for source in status.facts),
    )


def _fact_page(source: FactSource, status: Status, slot: TaskSlot) -> FactPage:
    return FactPage(
        reader=source.reader,
        address=f"{slot.host_address}:{slot.ports[source.port or status.port]}",
        path=source.path or status.path,
        every=source.every,
        kinds=tuple(kind.name for kind in source.kinds),
    )


def _lifecycle(job: Job, start_at_boot: bool) -> Lifecycle:
    told = job.lifecycle
    return Lifecycle(
        start_seconds=told.start_seconds,
        retries=told.retries,
        restart=told.restart,
        stop_signal=told.stop_signal,
        stop_wait=told.stop_wait,
        expected_exits=told.expected_exits,
        start_at_boot=start_at_boot,
    )
