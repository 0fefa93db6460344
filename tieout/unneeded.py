"""What a library imports and nothing here asks it for: left out, or put off until somebody does ask. Import this before the library.

jsonschema builds 39 grammars of what an IRI may be: a quarter of all that great-expectations takes to import, and two thirds of papermill.
great-expectations imports scipy.stats and altair for expectations about distributions, which take a third of the rest.
"""

import importlib
import sys
from types import ModuleType

sys.modules.setdefault("rfc3987_syntax", None)  # which makes Python say that there is no such module


class _PutOff(ModuleType):
    """Stands where a module would, and imports it when the first of its names is asked for."""

    __file__ = None  # a kernel that starts asks every module for it

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


for put_off in ("scipy.stats", "altair"):
    sys.modules.setdefault(put_off, _PutOff(put_off))  # one that is imported already stays what it is
