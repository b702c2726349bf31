"""The last session: what a window showed, kept in a small private file while it is open.

The file lies beside the settings, only its owner may read it, and it holds paths and numbers, no
names of patients. A window that is closed takes it away; where it is still there at the next start,
the program did not end in good order and the session can come back. Every window has a file of its
own, told apart by a lock that the system takes back with the process.
"""

from __future__ import annotations

import contextlib
import enum
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from xray_studio.core.files import replacing
from xray_studio.core.locks import FileLock
from xray_studio.core.measure.marks import Marks
from xray_studio.core.measure.stored import from_plain, to_plain
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.services.settings import settings_file

WINDOWS: Final = 8  # at a time; more are not remembered
_NUMBERS = (int, float)


@dataclass(frozen=True, slots=True)
class SavedView:
    """One viewport: which series, found by its UID, its part and its first file, and how it was.

    Frames count from 0. `own_voi` tells that `presentation` holds the window that was chosen;
    without it the file's own windows are meant. `steps` is its pipeline, as a recipe tells it.
    """

    place: int = 0
    series_instance_uid: str = ""
    key: str = ""
    path: str = ""
    frame: int = 0
    frames: int = 0
    first: int = 0
    last: int = 0
    speed: float = 1.0
    loop: str = "loop"
    real_time: bool = False
    own_voi: bool = True
    presentation: Presentation = Presentation()  # noqa: RUF009 - a frozen value, made once
    steps: str = ""


@dataclass(frozen=True, slots=True)
class SavedGrid:
    """What the grid showed of one patient; `layout` is text as in the settings."""

    layout: str = ""
    active: int = 0
    views: tuple[SavedView, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedSession:
    """What a window showed: one grid for each patient, of which number `front` was on screen.

    `detached` are the places that had a window of their own, `marks` what was measured.
    """

    opened: tuple[str, ...] = ()
    grids: tuple[SavedGrid, ...] = ()
    front: int = 0
    detached: frozenset[int] = frozenset()
    marks: Marks = Marks()  # noqa: RUF009 - a frozen value, made once


class SessionFile:
    """The file of one window, from its start to its end.

    `left` is the session that a window before left behind when it did not end in good order.
    """

    def __init__(self) -> None:
        self._path: Path | None = None
        self._lock: FileLock | None = None
        self.left: SavedSession | None = None
        with contextlib.suppress(OSError):
            self._begin(settings_file().parent)

    def write(self, session: SavedSession) -> None:
        """Keep a session in place of the one before. Raises WriteError."""
        if self._path is not None:
            # Names of folders may name a patient.
            with replacing(self._path, private=True) as temporary:
                temporary.write_text(to_json(session), "utf-8")

    def forget(self) -> None:
        """Take away what was kept."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def end(self) -> None:
        """End in good order."""
        self.forget()
        if self._lock is not None:
            self._lock.release()
        self._path = self._lock = None

    def _begin(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, WINDOWS + 1):
            lock = FileLock(folder / f"session-{number}.lock")
            if lock.take():
                self._lock, self._path = lock, folder / f"session-{number}.json"
                self.left = read(self._path)
                return


def read(path: Path) -> SavedSession | None:
    """Return the session in a file, None when there is none that can be read."""
    try:
        return from_json(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def to_json(session: SavedSession) -> str:
    """Return a session as text."""
    plain = {
        "opened": session.opened,
        "front": session.front,
        "detached": sorted(session.detached),
        "grids": [_grid_to_plain(grid) for grid in session.grids],
        "marks": to_plain(session.marks),
    }
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def _grid_to_plain(grid: SavedGrid) -> dict[str, Any]:
    views = [_view_to_plain(view) for view in grid.views]
    return {"layout": grid.layout, "active": grid.active, "views": views}


def from_json(text: str) -> SavedSession:
    """Return the session that a text holds. Raises ValueError for anything else."""
    found = _object(json.loads(text), "session")
    opened = _list(found, "opened")
    if not all(isinstance(path, str) for path in opened):
        raise ValueError("no paths")
    grids = tuple(map(_grid, _list(found, "grids")))
    parts = _known(SavedSession, {k: found[k] for k in ("front", "detached") if k in found})
    marks = from_plain(found.get("marks"))
    return SavedSession(opened=tuple(opened), grids=grids, marks=marks, **parts)


def _grid(found: Any) -> SavedGrid:
    plain = _object(found, "grid")
    views = tuple(map(_view, _list(plain, "views")))
    parts = _known(SavedGrid, {k: plain[k] for k in ("layout", "active") if k in plain})
    return SavedGrid(views=views, **parts)


def _object(found: Any, what: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ValueError(f"no {what}")  # noqa: TRY004 - damaged content, not a wrong call
    return found


def _list(found: dict[str, Any], name: str) -> list[Any]:
    plain = found.get(name, [])
    if not isinstance(plain, list):
        raise ValueError(f"no {name}")  # noqa: TRY004 - damaged content, not a wrong call
    return plain


def _view_to_plain(view: SavedView) -> dict[str, Any]:
    plain = {f.name: getattr(view, f.name) for f in fields(view) if f.name != "presentation"}
    return plain | {"presentation": _presentation_to_plain(view.presentation)}


def _view(found: Any) -> SavedView:
    plain = dict(_object(found, "view"))
    shown = plain.pop("presentation", {})
    view = SavedView(**_known(SavedView, plain))
    if isinstance(shown, dict):
        view = replace(view, presentation=_presentation(shown))
    return view


def _presentation_to_plain(shown: Presentation) -> dict[str, Any]:
    """Return what a presentation differs in from the usual one, as text and numbers."""
    usual = Presentation()
    found = {}
    for field in fields(shown):
        value = getattr(shown, field.name)
        if value != getattr(usual, field.name):
            found[field.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Window):
        return {**asdict(value), "function": value.function.value}
    if isinstance(value, enum.Enum):
        return value.value
    return sorted(value) if isinstance(value, frozenset) else value


def _presentation(found: dict[str, Any]) -> Presentation:
    usual = Presentation()
    shown = _known(Presentation, {key: value for key, value in found.items() if key not in _READ})
    for name, back in _READ.items():
        if name in found:
            shown[name] = back(found[name])
    return replace(usual, **shown)


def _known(kind: type, found: dict[str, Any]) -> dict[str, Any]:
    """Return what a class knows of what was found, in its own types; the rest is passed over."""
    usual = kind()
    known = {field.name: getattr(usual, field.name) for field in fields(kind)}
    return {
        name: _like(known[name], value)
        for name, value in found.items()
        if name in known and _is_like(known[name], value)
    }


def _is_like(usual: Any, value: Any) -> bool:
    if isinstance(usual, enum.Enum):
        return value in {member.value for member in type(usual)}
    if isinstance(usual, frozenset):
        return isinstance(value, list) and all(type(item) is int for item in value)
    if isinstance(usual, tuple):
        return isinstance(value, list) and [*map(_is_number, value)] == [True] * len(usual)
    if type(usual) is float:
        return _is_number(value)
    return type(value) is type(usual)


def _like(usual: Any, value: Any) -> Any:
    if isinstance(usual, enum.Enum):
        return type(usual)(value)
    return type(usual)(value) if isinstance(usual, (frozenset, tuple)) else value


def _is_number(value: Any) -> bool:
    return type(value) in _NUMBERS


def _zoom(value: Any) -> float | None:
    return float(value) if _is_number(value) and value > 0 else None


def _voi(value: Any) -> Window | int | None:
    if type(value) is int and value >= 0:
        return value
    if not isinstance(value, dict):
        return None
    try:
        function = VoiFunction(value.get("function"))
        words = value.get("explanation", "")
        explanation = words if isinstance(words, str) else ""
        return Window(float(value["center"]), float(value["width"]), function, explanation)
    except (KeyError, TypeError, ValueError):
        return None


# Fields that can be None, and so cannot be told by the type of their default.
_READ: Final[dict[str, Callable[[Any], Any]]] = {"zoom": _zoom, "voi": _voi}
