"""Asks JavaScript from Python: one Node process per session, a line of JSON for each call."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from playwright._impl._driver import compute_driver_executable

ROOT = Path(__file__).parents[2]


class Refused(Exception):
    """A refusal of the JavaScript side; ``code`` is its verdict."""

    def __init__(self, code: str, told: str) -> None:
        super().__init__(f"{code}: {told}")
        self.code = code


class Js:
    """Calls by name: ``js.dochash(b"...")``. Bytes and dictionaries come back as they went."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.call(name, *args)

    def call(self, name: str, *args: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"fn": name, "args": [_plain(arg) for arg in args]}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline(), object_hook=_revive)
        if "code" in answer:
            raise Refused(answer["code"], answer["error"])
        return answer["ok"]

    def verdict(self, name: str, *args: Any) -> str:
        """The code it is refused with, or ``accepted``."""
        try:
            self.call(name, *args)
        except Refused as refusal:
            return refusal.code
        return "accepted"


class JsMap(dict[Any, Any]):
    """A dictionary that is a Map on the other side."""


def node_path() -> str:
    """The Node that Playwright's wheel brings: no test needs one on the machine."""
    return str(compute_driver_executable()[0])


@contextmanager
def node(script: str) -> Iterator[Js]:
    command = [node_path(), str(ROOT / script)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, encoding="utf-8", **pipes) as process:  # noqa: S603 -- our own script
        yield Js(process)
        assert process.stdin
        process.stdin.close()
        process.wait(10)


def _plain(value: Any) -> Any:
    match value:
        case bytes() | bytearray():
            return {"$b": value.hex()}
        case JsMap():
            return {"$m": [[_plain(key), _plain(item)] for key, item in value.items()]}
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple() | range():
            return [_plain(item) for item in value]
        case SimpleNamespace():
            return _plain(vars(value))
    return value


def _revive(value: dict[str, Any]) -> Any:
    if set(value) == {"$b"}:
        return bytes.fromhex(value["$b"])
    if set(value) == {"$m"}:
        return JsMap(value["$m"])
    return value
