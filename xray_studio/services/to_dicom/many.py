"""Many videos into a folder: each becomes an object of its own, and those that fail are listed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.core.memory import TOO_LITTLE, is_too_little
from xray_studio.core.video.identity import Identity
from xray_studio.core.video.plan import Wish
from xray_studio.dicom.write.derived import new_uid, rooted
from xray_studio.services.export.many import make_folder
from xray_studio.services.settings import uid_root
from xray_studio.services.to_dicom.request import Request, Written
from xray_studio.services.to_dicom.write import to_dicom

_UNIT: Final = 1000  # steps of progress for each video
_PATIENCE: Final = 0.1  # seconds between two looks at those that are at work


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one of many videos is: how much of it is done, 0 to 1, and what is being done.

    `written` is what came of it, `reason` why nothing did.
    """

    fraction: float = 0.0
    message: str = ""
    written: Written | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Many:
    """What was written of many videos, and which failed why."""

    written: tuple[Written, ...]
    failed: tuple[tuple[str, str], ...]


def requests_for(
    videos: Sequence[tuple[Path, Identity]], folder: Path, wish: Wish, *, overwrite: bool = False
) -> list[Request]:
    """Return what is asked for of each video.

    Names of objects only number them: those of videos may tell who is in them. Videos of one
    patient with one accession number and description become one study, unless one is told.
    """
    studies: dict[tuple[str, ...], str] = {}
    counts: dict[str, int] = {}
    digits = len(str(len(videos)))
    made = []
    with rooted(uid_root()):
        for number, (video, identity) in enumerate(videos, 1):
            key = (
                identity.issuer, identity.patient_id, identity.accession,
                identity.study_description, identity.study_uid,
            )  # fmt: skip
            study = studies.setdefault(key, identity.study_uid or new_uid())
            counts[study] = counts.get(study, 0) + 1
            made.append(
                Request(
                    video,
                    folder / f"video-{number:0{digits}}.dcm",
                    replace(identity, study_uid=study),
                    wish,
                    number=counts[study],
                    overwrite=overwrite,
                )
            )
    return made


def to_dicom_all(requests: Sequence[Request], folder: Path, *, jobs: int = 1) -> Job[Many]:
    """Write many videos, `jobs` at the same time. One that fails stops none of the others.

    Raises WriteError where nothing can be written at all.
    """
    make_folder(folder)
    run_of = _Run(requests)
    pool = ThreadPoolExecutor(max(1, jobs), thread_name_prefix="to-dicom")
    try:
        waiting = {pool.submit(run_of.one, number) for number in range(len(requests))}
        while waiting:
            finished, waiting = wait(waiting, timeout=_PATIENCE)
            for future in finished:
                _raise_stop(future)
            yield run_of.progress()
    finally:
        run_of.stopped.set()
        pool.shutdown(cancel_futures=True)
    return run_of.result()


def _raise_stop(future: Future[None]) -> None:
    error = future.exception()
    if error is not None:
        raise error


@dataclass
class _Run:
    """Videos at work, in several threads."""

    requests: Sequence[Request]
    stopped: threading.Event = field(default_factory=threading.Event)
    parts: dict[int, float] = field(default_factory=dict)
    messages: dict[int, str] = field(default_factory=dict)
    written: dict[int, Written] = field(default_factory=dict)
    failed: dict[int, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sizes = [_size(request.source) for request in self.requests]

    def one(self, number: int) -> None:
        """Write one video; what goes wrong is kept."""
        request = self.requests[number]

        def tell(progress: Progress) -> None:
            # What is encoded is then copied: that part is short, and does not begin anew.
            self.parts[number] = max(self.parts.get(number, 0.0), progress.fraction or 0.0)
            self.messages[number] = progress.message

        try:
            self.written[number] = run(to_dicom(request), tell, self.stopped)
        except Cancelled:
            return
        except StudioError as error:
            self.failed[number] = str(request.source), str(error)
        except Exception as error:  # noqa: BLE001 - one video stops none of the others
            unexpected = f"An unexpected error ({type(error).__name__})."
            self.failed[number] = (
                str(request.source), TOO_LITTLE if is_too_little(error) else unexpected,
            )  # fmt: skip
        self.parts[number] = 1.0

    def progress(self) -> Progress:
        """Return how far all are, and where each of them is."""
        done = round(_UNIT * sum(self.parts.copy().values()))
        whole, count = len(self.written) + len(self.failed), len(self.requests)
        words = f"Video {min(whole + 1, count):,} of {count:,}"
        standings = tuple(self._standing(number) for number in range(count))
        size = sum(self.parts.get(number, 0.0) * one for number, one in enumerate(self.sizes))
        return Progress(
            done, _UNIT * count, words, standings, bytes=round(size), all_bytes=sum(self.sizes)
        )

    def _standing(self, number: int) -> Standing:
        _, reason = self.failed.get(number, ("", ""))
        return Standing(
            self.parts.get(number, 0.0), self.messages.get(number, ""),
            self.written.get(number), reason,
        )  # fmt: skip

    def result(self) -> Many:
        """Return what came of the videos, in their order."""
        return Many(
            tuple(self.written[number] for number in sorted(self.written)),
            tuple(self.failed[number] for number in sorted(self.failed)),
        )


def _size(path: Path) -> int:
    """Return the bytes of a file, 0 for one that is gone, which its own look at it tells."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
