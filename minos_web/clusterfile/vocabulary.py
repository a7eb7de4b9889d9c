"""PURE. What may stand where in a file of the config directory: the words that an editor offers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from minos_web.catalog.description import GeneratedFile, Service
from minos_web.catalog.loader import Catalog
from minos_web.clusterfile.arguments import HOST_WORDS, KINDS
from minos_web.clusterfile.bases import builders, is_base_only
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.evaluate import CannotEvaluate, Context, Evaluator, Scope
from minos_web.clusterfile.forms import Forms
from minos_web.clusterfile.head import OPTIONAL_KEYS, REQUIRED_KEYS
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.own_service import KEYS as OWN_KEYS
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import NO_CONTEXT
from minos_web.clusterfile.running import KEYS as RUNNING_KEYS
from minos_web.clusterfile.tree import ConfigTree, cluster_of

LONGEST_SAYING = 80


@dataclass(frozen=True)
class Word:
    """Something to write; ``says`` is what it stands for, its default, or what it is inherited as."""

    text: str
    says: str = ""


@dataclass
class Vocabulary:
    """``sections`` and ``keys`` go by the path of the section around them (``configuration/hdfs-site.xml``; "": top).

    ``host_words`` are the ``$words`` of arguments, ``paths`` the files that can be named, ``cluster`` the file of the
    cluster whose values the expressions show (empty: none is known).
    """

    cluster: str = ""
    expressions: list[Word] = field(default_factory=list)
    sections: dict[str, list[Word]] = field(default_factory=dict)
    keys: dict[str, list[Word]] = field(default_factory=dict)
    jobs: list[Word] = field(default_factory=list)
    host_words: tuple[str, ...] = HOST_WORDS
    paths: list[str] = field(default_factory=list)


def vocabulary(
    trees: Sequence[ConfigTree],
    path: str,
    catalog: Catalog,
    directories: Mapping[str, HostDirs] | None = None,
    context: Context = NO_CONTEXT,
) -> Vocabulary:
    """The words for the file at ``path``; ``directories`` and ``context`` as for rendering.

    ``trees`` are the directory as it would be and as it is saved: while somebody types, the first one cannot always be
    read. A base file has the words of a cluster that builds on it.
    """
    found = Vocabulary(paths=sorted(trees[0].paths()))
    service = _service_of(path, catalog)
    description = None
    for tree in trees:
        described = _cluster_for(tree, path)
        if described is None:
            continue
        service = catalog.get(described[0])
        description = _loaded(tree, described, catalog)
        if description is not None:
            break
    if description is not None:
        service = description.service
    if service is not None:
        _add_shape(found, service, catalog)
    if description is not None:
        found.cluster = description.document.file
        found.expressions = list(_expressions(description, {} if directories is None else directories, context))
        _add_inherited(found, description, path)
    return found


def _service_of(path: str, catalog: Catalog) -> Service | None:
    """The service whose folder a file is in."""
    parts = path.split("/")
    return catalog.get(parts[1]) if len(parts) > 2 else None


def _cluster_for(tree: ConfigTree, path: str) -> tuple[str, str] | None:
    """The cluster that ``path`` describes, or one that builds on it."""
    seen = {path}
    waiting = [path]
    while waiting:
        file = waiting.pop(0)
        named = cluster_of(file)
        if named and not is_base_only(tree, file):
            return named
        above = [one for one in builders(tree, file) if one not in seen]
        seen.update(above)
        waiting += above
    return None


def _loaded(tree: ConfigTree, named: tuple[str, str], catalog: Catalog) -> ClusterDescription | None:
    try:
        return load_cluster(tree, *named, catalog)
    except ClusterFileError:
        return None


def _expressions(
    description: ClusterDescription, directories: Mapping[str, HostDirs], context: Context
) -> Iterator[Word]:
    """Every expression that makes sense, with its value for the first task."""
    forms = Forms(description, context)
    words = Evaluator(forms.compile)
    slot = next(description.tasks(), None)
    for name in dict.fromkeys([*forms.known(), *forms.known_of_others()]):
        try:
            value = words.run(words.template("%{" + name + "}"), Scope(slot, directories))
        except CannotEvaluate:
            continue
        yield Word(name, _short(value))


def _add_shape(found: Vocabulary, service: Service, catalog: Catalog) -> None:
    """What the service and the language know by themselves."""
    jobs = [Word(job.name, job.title) for job in service.jobs]
    found.jobs = jobs
    found.sections = {
        "": [Word("cluster"), *jobs, Word("configuration"), Word("arguments")],
        "arguments": [Word("service_common", "for every job"), *jobs],
        "configuration": [Word(file.section_name) for file in service.files if file.section_name],
        **{job.text: [Word("arguments")] for job in jobs},
    }
    running = [Word(key) for key in RUNNING_KEYS]
    kinds = [Word(kind) for kind in KINDS]
    head = [*REQUIRED_KEYS, *OPTIONAL_KEYS]
    head += ["artifact"] if service.described_in_file else []
    own = [Word(key) for key in OWN_KEYS] if service.described_in_file else []
    head += [f"{one.name}_cluster" for one in catalog.services.values() if one.referred_by == "attribute"]
    found.keys = {"cluster": [*(Word(key) for key in head), *running], "configuration": [Word("base")]}
    for job in jobs:
        found.keys[job.text] = [Word("base_port"), Word("host.0", "address of a host"), *running, *own]
        found.keys[f"{job.text}/arguments"] = found.keys[f"arguments/{job.text}"] = kinds
    found.keys["arguments/service_common"] = kinds
    for file in service.files:
        if file.section_name:
            names = {**_own_names(file), **catalog.known_names(service.name, file.section_name)}
            words = [Word(name, _short(f"default: {says}") if says else "") for name, says in names.items()]
            found.keys[f"configuration/{file.section_name}"] = words


def _own_names(file: GeneratedFile) -> dict[str, str]:
    switch = [*file.switch.keys, file.switch.key] if file.switch else []
    names = [
        *file.keys,
        *file.optional_keys,
        *file.lines,
        *switch,
        *(name for name in file.pass_through if "*" not in name),
    ]
    return dict.fromkeys(names, "")


def _add_inherited(found: Vocabulary, description: ClusterDescription, path: str) -> None:
    """Keys of the cluster's files, those of other files with what they are there."""
    for name, table in description.configuration.tables.items():
        words = {word.text: word for word in found.keys.get(f"configuration/{name}", ())}
        for key, value in table.values.items():
            if value.place.file != path:
                text = value.text if isinstance(value.text, str) else ", ".join(value.text)
                words[key] = Word(key, _short(f"{text} (in {value.place.file.rpartition('/')[2]})"))
        found.keys[f"configuration/{name}"] = list(words.values())


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SAYING else plain[: LONGEST_SAYING - 1] + "…"
