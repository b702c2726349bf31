"""Writes what was planned of a video, checks it, and puts it in place: whole or not at all."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.errors import WriteError
from xray_studio.core.files import write_failure
from xray_studio.core.job import Job
from xray_studio.core.video.plan import Way
from xray_studio.dicom.write.derived import new_uid
from xray_studio.services.to_dicom.capture import write_capture
from xray_studio.services.to_dicom.encode import write_encoded
from xray_studio.services.to_dicom.look import preview
from xray_studio.services.to_dicom.request import Preview, Request, Written
from xray_studio.services.to_dicom.stream import Stream, write_stream


def to_dicom(request: Request) -> Job[Written]:
    """Look at a video, and write it as DICOM. Raises as `preview` and `write`."""
    seen = yield from preview(request)
    written = yield from write(seen)
    return written


def write(seen: Preview) -> Job[Written]:
    """Write a video as its preview says; stopped or failing it leaves nothing behind.

    Raises UnreadableError for frames that cannot be decoded, WriteError where the target cannot be
    written or does not pass its check.
    """
    seen = _with_uids(seen)
    try:
        if seen.plan.way is Way.KEPT:
            written = yield from write_stream(seen, Stream.of(seen))
        elif seen.plan.way is Way.TRANSCODED:
            written = yield from write_encoded(seen)
        else:
            written = yield from write_capture(seen)
    except OSError as error:
        raise write_failure(seen.request.target, error) from error
    except OverflowError as error:
        raise WriteError(
            f"{seen.request.target.name} would hold a stream that is larger than its item; choose"
            " --large parts or fragments."
        ) from error
    return replace(written, notes=(*seen.notes, *written.notes))


def _with_uids(seen: Preview) -> Preview:
    """Return a preview whose study and series have UIDs, so that all parts share them."""
    study = seen.identity.study_uid or new_uid()
    series = seen.request.series_uid or new_uid()
    return replace(
        seen,
        identity=replace(seen.identity, study_uid=study),
        request=replace(seen.request, series_uid=series),
    )
