"""Video imports: what the dialog for videos into DICOM has done in the background."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.job import Job, Progress
from xray_studio.core.pacs.node import Kind
from xray_studio.core.pacs.worklist import WorklistEntry, WorklistQuery
from xray_studio.core.study import Catalog
from xray_studio.core.video.draft import Video, wish_for
from xray_studio.core.video.facts import VideoFacts
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import Wish
from xray_studio.ui.exports import EXPORT
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:  # they load heavy libraries
    from xray_studio.services.to_dicom.many import Many

LISTING, LOOKING, ASKING = "video files", "video facts", "video identity"
NODES = "video nodes"
AT_ONCE = 2  # videos that are written at the same time
Told = dict[Path, Identity]


@dataclass(frozen=True, slots=True, eq=False)
class WantedVideos:
    """Objects that are wanted of videos, each of which tells whose it is, in a folder."""

    videos: Sequence[Video]
    wish: Wish
    folder: Path
    series_description: str = ""


class VideoImports(QObject):
    """Starts looks at videos and at whose they are, and the writing itself.

    `listed` tells the videos among what was added, `not_listed` why there is none. `looked` tells a
    video and its facts, `not_looked` a video and why it cannot be read. `identified` tells videos
    and whose each is, `not_identified` a sentence. `nodes_found` tells the names of archives,
    `scheduled` entries of a worklist and whose each is, `not_scheduled` a sentence. `written` tells
    task and result, `failed` task and sentence; `progressed` and `ended` the task that writes.
    """

    listed = Signal(object)
    not_listed = Signal(str)
    looked = Signal(object, object)
    not_looked = Signal(object, str)
    identified = Signal(object)
    not_identified = Signal(str)
    nodes_found = Signal(object)
    scheduled = Signal(object)
    not_scheduled = Signal(str)
    written = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._writing: set[Task] = set()
        runner.progressed.connect(self._pass_on)
        runner.ended.connect(self._ended)

    def add(self, paths: Sequence[str]) -> None:
        """Find the videos and sequences of pictures among files and below folders."""
        self._quietly(
            _listed([Path(path) for path in paths]), LISTING, self.listed.emit,
            self.not_listed.emit,
        )  # fmt: skip

    def look(self, video: Video) -> None:
        """Find out what a video is; one after the other."""
        self._quietly(
            _looked(video), LOOKING, partial(self.looked.emit, video.path),
            partial(self.not_looked.emit, video.path),
        )  # fmt: skip

    def join_study(self, catalog: Catalog, videos: Sequence[Path]) -> None:
        """Find out whose videos are that join the only study of a catalogue."""
        self._ask(_of_study(catalog, videos))

    def join_object(self, place: Path, videos: Sequence[Path]) -> None:
        """Find out whose videos are that join the study of an object, or of a folder."""
        self._ask(_of_object(place, videos))

    def find_nodes(self) -> None:
        """Find out which archives are known by name."""
        self._quietly(_nodes(), NODES, self.nodes_found.emit, lambda _sentence: None)

    def ask_worklist(self, node: str, query: WorklistQuery) -> None:
        """Ask an archive, by its name or address, what is scheduled."""
        self._runner.cancel_lane(ASKING)
        self._quietly(
            _scheduled(node, query), ASKING, self.scheduled.emit, self.not_scheduled.emit
        )  # fmt: skip

    def read_table(self, table: Path, videos: Sequence[Path]) -> None:
        """Find out whose videos are that a table names."""
        self._ask(_of_table(table, videos))

    def write(self, wanted: WantedVideos) -> Task:
        """Write objects; that waits while an export is being written."""
        task = self._runner.start(
            _written(wanted), title=f"Videos into {wanted.folder.name}", lane=EXPORT,
            gives_way=True,
            on_result=lambda result: self.written.emit(task, result),
            on_error=lambda error: self.failed.emit(task, str(error)),
        )  # fmt: skip
        self._writing.add(task)
        return task

    def cancel(self, task: Task) -> None:
        """Stop writing; objects that are whole stay."""
        self._runner.cancel(task)

    def leave(self, _result: int = 0) -> None:
        """Stop what is done for the dialog alone; what is being written goes on."""
        for lane in (LISTING, LOOKING, ASKING, NODES):
            self._runner.cancel_lane(lane)

    def _ask(self, job: Job[Told]) -> None:
        self._runner.cancel_lane(ASKING)
        self._quietly(job, ASKING, self.identified.emit, self.not_identified.emit)

    def _quietly(
        self, job: Job[Any], lane: str, told: Callable[[Any], None], failed: Callable[[str], None]
    ) -> None:  # fmt: skip
        self._runner.start(
            job, title="Videos", lane=lane, visible=False, on_result=told,
            on_error=lambda error: failed(str(error)),
        )  # fmt: skip

    def _pass_on(self, task: Task) -> None:
        if task in self._writing:
            self.progressed.emit(task)

    def _ended(self, task: Task) -> None:
        if task in self._writing:
            self._writing.discard(task)
            self.ended.emit(task)


def _listed(paths: Sequence[Path]) -> Job[list[Video]]:
    yield Progress(message="Looking for videos")
    from xray_studio.services.to_dicom.sources import sources_below

    return [Video(one.path, pictures=one.pictures) for one in sources_below(paths)]


def _looked(video: Video) -> Job[VideoFacts]:
    if video.pictures:
        from xray_studio.services.to_dicom.pictures import facts_of_pictures

        return (yield from facts_of_pictures(video.pictures, video.rate))
    from xray_studio.services.to_dicom.look import look

    probed = yield from look(video.path)
    return probed.facts


def _of_study(catalog: Catalog, videos: Sequence[Path]) -> Job[Told]:
    from xray_studio.services.to_dicom.linked import like_study

    told: Told = {}
    for video in videos:
        told[video] = yield from like_study(catalog, video)
    return told


def _of_object(place: Path, videos: Sequence[Path]) -> Job[Told]:
    from xray_studio.services.to_dicom.linked import like

    told: Told = {}
    for video in videos:
        told[video] = yield from like(place, video)
    return told


def _nodes() -> Job[list[str]]:
    yield Progress(message="Looking for archives")
    from xray_studio.services.pacs.nodes import nodes

    return [node.name for node in nodes() if node.kind is Kind.DIMSE]


def _scheduled(node: str, query: WorklistQuery) -> Job[list[tuple[WorklistEntry, Identity]]]:
    from xray_studio.services.pacs.asking import worklist
    from xray_studio.services.pacs.nodes import node_named
    from xray_studio.services.to_dicom.planned import identity_of_entry

    entries = yield from worklist(node_named(node), query)
    return [(entry, identity_of_entry(entry)) for entry in entries]


def _of_table(table: Path, videos: Sequence[Path]) -> Job[Told]:
    yield Progress(message="Reading the table")
    from xray_studio.services.to_dicom.table import identities_for, read_table

    return dict(identities_for(videos, read_table(table), Identity()))


def _written(wanted: WantedVideos) -> Job[Many]:
    """Write objects into a folder, which is not left behind where nothing is in it."""
    yield Progress(message="Looking at the videos")
    from xray_studio.services.to_dicom.many import requests_for, to_dicom_all

    pairs = [(one.path, one.identity) for one in wanted.videos]
    made = requests_for(pairs, wanted.folder, wanted.wish)
    requests = [
        replace(
            request,
            wish=wish_for(video, wanted.wish),
            pictures=video.pictures,
            rate=video.rate,
            series_description=wanted.series_description,
        )
        for request, video in zip(made, wanted.videos, strict=True)
    ]
    try:
        result = yield from to_dicom_all(requests, wanted.folder, jobs=AT_ONCE)
    finally:
        with contextlib.suppress(OSError):
            wanted.folder.rmdir()  # only an empty one goes
    return result
