"""What of the screenplay has been played, on disk after every act: whoever is killed goes on where it was."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any


class Journal:
    """``rentals``: id and room of every rental that was opened, by its name in the screenplay."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.done: set[str] = set()
        self.rentals: dict[str, tuple[str, str]] = {}
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        self._read(text)
        if text and not text.endswith("\n"):
            self._append("\n")

    def finish(self, *steps: str) -> None:
        """Note that steps are played, or given up."""
        for step in steps:
            if step not in self.done:
                self.done.add(step)
                self._write({"done": step})

    def open(self, name: str, rental: str, room: str) -> None:
        """Note that a rental is there."""
        self.rentals[name] = rental, room
        self._write({"name": name, "rental": rental, "room": room})

    def _read(self, text: str) -> None:
        for line in text.splitlines():
            with suppress(ValueError, KeyError):  # the last line may be cut off: then that step is played again
                told = json.loads(line)
                if "done" in told:
                    self.done.add(told["done"])
                else:
                    self.rentals[told["name"]] = told["rental"], told["room"]

    def _write(self, told: dict[str, Any]) -> None:
        self._append(json.dumps(told) + "\n")

    def _append(self, text: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text)


class Named:
    """Ids of commands that follow from the step's name: a step that is played again repeats its commands."""

    def __init__(self, who: str) -> None:
        self._who, self._step, self._next = who, "", 0

    def begin(self, step: str) -> None:
        """What is commanded from now on belongs to this step."""
        self._step, self._next = step, 0

    def peek(self) -> str:
        """The id that the next command will have."""
        return hashlib.sha256(f"{self._step}/{self._who}/{self._next}".encode()).hexdigest()[:32]

    def __call__(self) -> str:
        taken = self.peek()
        self._next += 1
        return taken
