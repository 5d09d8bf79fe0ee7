"""From JSON to command: one strict model for each act, and one generic way from model to the hub's plain dataclass."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, Final, Protocol, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.errors import Invalid

_MAX_REPORTED: Final = 8
_MAX_NAME: Final = 64
_INTEGER = re.compile(r"-?[0-9]{1,16}")
_DECIMAL = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,17})?")

Convert = Callable[[Any], Any]
Quick = Callable[[Mapping[str, Any]], Any]
"""A short way to the command of a well-formed payload. It answers what the model would, or None in any doubt."""


class Wire(BaseModel):
    """What may come in: these fields, of exactly these types, and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Row(Protocol):
    """The part of an act that parsing needs."""

    @property
    def wire(self) -> type[Wire]: ...
    @property
    def command(self) -> type[Any]: ...
    @property
    def quick(self) -> "Quick | None": ...


def parse(row: Row, payload: Any, **filled: Any) -> Any:
    """The command that a decoded JSON payload asks for; ``filled`` are the fields that the door itself knows.

    ``Invalid("bad_request", {"fields": [{"path", "reason"}]})`` names every fault and never repeats a value.
    """
    if row.quick is not None and type(payload) is dict and (command := row.quick(payload)) is not None:
        return command
    try:
        model = row.wire.model_validate({} if payload is None else payload)
    except ValidationError as error:
        raise Invalid("bad_request", {"fields": _faults(error)}) from None
    return to_command(row.command, model, **filled)


def typed(row: Row, texts: Mapping[str, str]) -> dict[str, Any]:
    """Path and query values, which are always text, as the types the act's fields have; ``parse`` judges them."""
    return {name: _typed(row.wire, name, text) for name, text in texts.items()}


def to_command(command: Any, model: object, **filled: Any) -> Any:
    """Copy a wire model into the command of the same shape, field by field and all the way down."""
    for name, convert in _plan(command):
        if name not in filled:
            value = getattr(model, name)
            filled[name] = value if convert is None else convert(value)
    return command(**filled)


def _typed(wire: type[Wire], name: str, text: str) -> Any:
    field = wire.model_fields.get(name)
    if field is not None and _holds(int, field.annotation) and _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if field is not None and _holds(float, field.annotation) and _DECIMAL.fullmatch(text) else text


def _holds(kind: type[Any], hint: Any) -> bool:
    """Whether ``hint`` is of that kind, however it is bounded and whether or not it may be left out."""
    return hint is kind or any(_holds(kind, part) for part in get_args(hint))


@cache
def _plan(command: type[Any]) -> tuple[tuple[str, Convert | None], ...]:
    hints = get_type_hints(command)
    return tuple((field.name, _converter(hints[field.name])) for field in fields(command))


def _converter(hint: Any) -> Convert | None:
    """How a validated wire value becomes ``hint``; None when it already is one."""
    args = [arg for arg in get_args(hint) if arg is not NoneType]
    if get_origin(hint) is tuple:
        return _to_tuple(args)
    if len(args) < len(get_args(hint)):
        return _optional(_converter(args[0]))
    if _is_mapping(get_origin(hint)):
        return _to_mapping(_converter(args[1]))
    if isinstance(hint, type) and (issubclass(hint, Enum) or is_dataclass(hint)):
        return hint if issubclass(hint, Enum) else lambda value: to_command(hint, value)
    return None


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _to_tuple(args: list[Any]) -> Convert:
    each = _converter(args[0]) if args[-1] is Ellipsis else None
    return tuple if each is None else lambda values: tuple(map(each, values))


def _to_mapping(each: Convert | None) -> Convert | None:
    return None if each is None else lambda values: {key: each(value) for key, value in values.items()}


def _optional(convert: Convert | None) -> Convert | None:
    return None if convert is None else lambda value: None if value is None else convert(value)


def _faults(error: ValidationError) -> list[dict[str, str]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [{"path": _path(fault["loc"]), "reason": fault["type"]} for fault in found[:_MAX_REPORTED]]


def _path(loc: tuple[int | str, ...]) -> str:
    """Where the fault is; a name may come from the client, so it is kept short and printable."""
    return ".".join(str(part)[:_MAX_NAME].encode("ascii", "replace").decode() for part in loc)
