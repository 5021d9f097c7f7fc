"""Mypy plugin: classes under ``longwatch.record.record`` have ``fields``, ``dtype``, ``zeros``.

Mypy ignores what a class decorator returns; this tells it what :func:`longwatch.record.record`
adds, so that a misspelt attribute of a record class is still found.
"""

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import ClassDefContext, Plugin
from mypy.types import AnyType, TypeOfAny

_ADDED = ("fields", "dtype", "zeros")


def _add_attributes(context: ClassDefContext) -> bool:
    info = context.cls.info
    for name in _ADDED:
        attribute = Var(name, AnyType(TypeOfAny.explicit))
        attribute.info = info
        attribute.is_classvar = True
        info.names[name] = SymbolTableNode(MDEF, attribute, plugin_generated=True)
    return True


class RecordPlugin(Plugin):
    def get_class_decorator_hook_2(
        self, fullname: str
    ) -> Callable[[ClassDefContext], bool] | None:
        return _add_attributes if fullname == "longwatch.record.record" else None


def plugin(version: str) -> type[Plugin]:
    return RecordPlugin
