"""What of the library a piece of code can reach: found by reading the code, without running it.

A module is reached by an import, and then whatever stands outside its functions is reached too. A function is reached where its name
is written in code that is reached; after a dot, where nobody knows what stands before it, any method of that name: rather too many.
So an import inside a function counts only where that function may be called. A file is reached, whatever is in it, where its
name is written as a text; one that is no module also where that of its folder is.

What this cannot see, such as a name put together while running, is caught afterwards: ``reads`` tells what a step has read.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path

# These leave a function to be called by its name; any other decorator may enter it somewhere, from where it is called.
_PASSIVE = frozenset({"cache", "cached_property", "classmethod", "contextmanager", "property", "staticmethod"})
_Mention = tuple[str, str, str]  # its kind, the name, and the attribute or what is bound to the name
_Bindings = dict[str, set[str]]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Library:
    """The package in ``folder``: its modules by dotted name, its other files, each as a path from the folder above."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, _Module] = {}
        self._reached: dict[str, set[str]] = {}

    @cached_property
    def paths(self) -> list[str]:
        """Every file of the library."""
        found = (path for path in self.folder.rglob("*") if "__pycache__" not in path.parts and path.suffix != ".pyc" and path.is_file())
        return sorted(path.relative_to(self.folder.parent).as_posix() for path in found)

    @cached_property
    def modules(self) -> dict[str, str]:
        """The path of each module."""
        return {_dotted(path): path for path in self.paths if path.endswith(".py")}

    @cached_property
    def others(self) -> dict[str, set[str]]:
        """Files by each name that code may write for them: their own, and, where no module stands in it, their folder's."""
        packages = {path.rpartition("/")[0] for path in self.modules.values()}
        found: dict[str, set[str]] = defaultdict(set)
        for path in self.paths:
            found[Path(path).name].add(path)
            for folder in Path(path).parents:
                if folder.as_posix() not in {*packages, "."}:
                    found[folder.name].add(path)
        found.pop("__init__.py", None)
        return found

    def reached(self, code: Iterable[str]) -> set[str]:
        """The files of the library that ``code``, run from its first line to its last, can reach."""
        whole = "".join(f"{source}\n" for source in code)
        if whole not in self._reached:
            search = _Search(self)
            search.follow(_Module(whole))
            self._reached[whole] = {self.modules[name] for name in search.modules} | search.files
        return set(self._reached[whole])

    def module(self, name: str) -> _Module:
        """A module, read once."""
        if name not in self._read:
            self._read[name] = _Module((self.folder.parent / self.modules[name]).read_text(encoding="utf-8"))
        return self._read[name]

    def holds(self, module: str, name: str) -> bool:
        """Whether a module has something of that name."""
        return name in self.module(module).names or f"{module}.{name}" in self.modules


@lru_cache(maxsize=1)
def known(folder: Path, digests: tuple[tuple[str, str], ...]) -> Library:
    """The package in ``folder``, read once for all the editions of a command while its files have these ``digests``."""
    return Library(folder)


class _Module:
    """A module's code: what runs when it is imported, and by name the functions that do not run until they are called.

    ``names`` are those that it binds, ``imported`` the dotted names that each one imported outside functions may stand for.
    """

    def __init__(self, source: str) -> None:
        self.at_import: list[ast.AST] = []
        self.functions: dict[str, list[ast.AST]] = defaultdict(list)
        self.methods: dict[str, list[ast.AST]] = defaultdict(list)
        self._mentions: dict[int, set[_Mention]] = {}
        tree = ast.parse(source)
        self._sort(tree.body, self.functions)
        self.imported = _bindings(self.mentions(self.at_import))
        classes = {one.name for one in tree.body if isinstance(one, ast.ClassDef)}
        names = (node for part in self.at_import for node in ast.walk(part) if isinstance(node, ast.Name))
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        self.names = self.functions.keys() | self.imported.keys() | classes | stored

    def mentions(self, code: list[ast.AST]) -> set[_Mention]:
        """What is mentioned in code of this module, found once."""
        if id(code) not in self._mentions:
            self._mentions[id(code)] = set(_mentions(code))
        return self._mentions[id(code)]

    def _sort(self, body: Iterable[ast.stmt], functions: dict[str, list[ast.AST]]) -> None:
        for statement in body:
            if isinstance(statement, _FUNCTIONS):
                self._function(statement, functions)
            elif isinstance(statement, ast.ClassDef):
                self.at_import += [*statement.decorator_list, *statement.bases, *statement.keywords]
                self._sort(statement.body, self.methods)
            elif isinstance(statement, ast.If) and _name(statement.test) == "TYPE_CHECKING":
                self._sort(statement.orelse, functions)
            else:
                self.at_import.append(statement)

    def _function(self, made: ast.FunctionDef | ast.AsyncFunctionDef, functions: dict[str, list[ast.AST]]) -> None:
        self.at_import += [*made.decorator_list, *made.args.defaults, *filter(None, made.args.kw_defaults)]
        special = made.name.startswith("__") and made.name.endswith("__")
        if special or any(_name(decorator) not in _PASSIVE for decorator in made.decorator_list):
            self.at_import += made.body
        else:
            functions[made.name] += made.body


class _Search:
    """What is reached so far: modules, files, functions, and every attribute that was asked of who knows what."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.modules: set[str] = set()
        self.files: set[str] = set()
        self._handed_on: set[str] = set()  # modules that stand as a value somewhere: an attribute of anything may be theirs
        self._attributes: set[str] = set()
        self._followed: set[object] = set()
        self._todo: list[tuple[_Module, list[ast.AST]]] = []

    def follow(self, start: _Module) -> None:
        """Follow code that runs, and all that it reaches."""
        self._todo += [(start, start.at_import), *((start, body) for body in (*start.functions.values(), *start.methods.values()))]
        while self._todo:
            module, code = self._todo.pop()
            mentions = module.mentions(code)
            here = _bindings(mentions)
            for kind, name, attribute in mentions:
                if kind == "import":
                    self._import(name)
                elif kind == "text":
                    self._text(name)
                elif kind == "name":
                    self._named(module, name)
                    self._meant(here.get(name, ()))
                elif kind == "attribute":
                    self._attribute(module, here, name, attribute)

    def _text(self, text: str) -> None:
        """A text may be the name of a module or of a file."""
        if "." in text and text in self.library.modules:
            self._import(text)
            self._hand_on(text)
        for part in text.split("/"):
            self.files |= self.library.others.get(part, set())

    def _attribute(self, module: _Module, here: _Bindings, before: str, name: str) -> None:
        """An attribute of a module, whose name stands before the dot; else of anything."""
        first, _, rest = before.partition(".")
        meant = module.imported.get(first, set()) | here.get(first, set())
        owners = [owner for one in meant if (owner := f"{one}.{rest}" if rest else one) in self.library.modules]
        for owner in owners:
            self._import(owner)
            self._named(self.library.module(owner), name)
            if f"{owner}.{name}" in self.library.modules:
                self._import(f"{owner}.{name}")
                self._hand_on(f"{owner}.{name}")
        if owners and all(self.library.holds(owner, name) for owner in owners):
            return
        self._named(module, first)
        self._meant(here.get(first, ()))
        if name not in self._attributes:
            self._attributes.add(name)
            for one in list(self.modules):
                self._call(self.library.module(one).methods, self.library.module(one), name)
            for one in list(self._handed_on):
                self._named(self.library.module(one), name)

    def _named(self, module: _Module, name: str) -> None:
        """A name in a module: a function of its own, or what it imported, which may be a module or a function of another."""
        if (id(module), name) in self._followed:
            return
        self._followed.add((id(module), name))
        self._call(module.functions, module, name)
        self._meant(module.imported.get(name, ()))

    def _meant(self, names: Iterable[str]) -> None:
        """What an imported name stands for: a module as it is, or something of one."""
        for meant in names:
            owner, _, name = meant.rpartition(".")
            if meant in self.library.modules:
                self._import(meant)
                self._hand_on(meant)
            elif owner in self.library.modules:
                self._import(owner)
                self._named(self.library.module(owner), name)

    def _hand_on(self, name: str) -> None:
        if name not in self._handed_on:
            self._handed_on.add(name)
            for attribute in list(self._attributes):
                self._named(self.library.module(name), attribute)

    def _call(self, functions: dict[str, list[ast.AST]], module: _Module, name: str) -> None:
        body = functions.get(name)
        if body and id(body) not in self._followed:
            self._followed.add(id(body))
            self._todo.append((module, body))

    def _import(self, name: str) -> None:
        """Reach a module and the packages that it lies in, where there is one of that name."""
        if name in self.modules or name not in self.library.modules:
            return
        self.modules.add(name)
        self._import(name.rpartition(".")[0])
        module = self.library.module(name)
        self._todo.append((module, module.at_import))
        for attribute in self._attributes:
            self._call(module.methods, module, attribute)


def _mentions(code: list[ast.AST]) -> Iterator[_Mention]:
    """Every import, name, attribute and text in code."""
    before_a_dot: set[int] = set()
    for node in (node for part in code for node in ast.walk(part)):  # from outside inwards: an attribute before its name
        if isinstance(node, ast.Attribute):
            before_a_dot.add(id(node.value))
            yield "attribute", _chain(node.value), node.attr
        elif isinstance(node, ast.Name) and id(node) not in before_a_dot:
            yield "name", node.id, ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield "text", node.value, ""
        elif isinstance(node, ast.Import):
            yield from (("import", alias.name, "") for alias in node.names)
            yield from (("bound", *_bound(node, alias)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield "import", node.module, ""
            yield from (("import", f"{node.module}.{alias.name}", "") for alias in node.names)
            yield from (("bound", *_bound(node, alias)) for alias in node.names)


def _bindings(mentions: Iterable[_Mention]) -> _Bindings:
    """What each imported name may stand for, as dotted names."""
    found: _Bindings = defaultdict(set)
    for kind, name, meant in mentions:
        if kind == "bound":
            found[name].add(meant)
    return dict(found)


def _bound(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, str]:
    """The name that an import binds, and the dotted name that it stands for."""
    if isinstance(node, ast.ImportFrom):
        return alias.asname or alias.name, f"{node.module}.{alias.name}"
    return (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2


def _name(node: ast.AST) -> str:
    """The name that a decorator, a test or a mention ends with."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _chain(node: ast.AST) -> str:
    """Names with dots between them, as they stand in code; empty where anything else is among them."""
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def code_cells(notebook: dict) -> Iterator[str]:
    """The code of a notebook, cell by cell."""
    return ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
