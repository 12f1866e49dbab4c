"""Finds declarations: every module of a package is one, with its constant ``PROCEDURE``."""

import pkgutil
from importlib import import_module
from types import ModuleType

from gongheng.trading.cases.declaration import Procedure

CONSTANT = "PROCEDURE"


def discover(package: ModuleType) -> tuple[Procedure, ...]:
    """Return the declarations of a package by code.

    Raises ``ValueError`` for a module without one, for a code used twice, and for a module whose
    name is not its procedure's code: who knows the one must find the other.
    """
    found: dict[str, Procedure] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            continue
        procedure = getattr(import_module(f"{package.__name__}.{module.name}"), CONSTANT, None)
        if not isinstance(procedure, Procedure):
            msg = f"{package.__name__}.{module.name} has no {CONSTANT}"
            raise ValueError(msg)  # noqa: TRY004  a folder's fault, not an argument's
        if procedure.code != module.name or procedure.code in found:
            msg = f"{package.__name__}.{module.name} declares {procedure.code}"
            raise ValueError(msg)
        found[procedure.code] = procedure
    return tuple(found[code] for code in sorted(found))
