"""What a file of an answer would tell of the patient, before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xray_studio.core.identity_in_names import told_by_name
from xray_studio.core.job import Job, Progress
from xray_studio.core.privacy import Finding, Place, PrivacyReport
from xray_studio.imaging.burnt_in import VERSION
from xray_studio.services.anomaly.results.forms import FORM_OF, OBJECTS, PICTURES
from xray_studio.services.anomaly.results.result import Result
from xray_studio.services.dataset.samples import bare
from xray_studio.services.privacy.gate import TAGS, name_sentence, of_device, of_text
from xray_studio.services.privacy.text_in_pictures import text_in_pictures

_NAMES_OBJECTS: Final = frozenset({".anomalies.json", ".anomalies.frames.csv"})
_SENTENCES: Final = {
    Place.TAGS: TAGS,
    Place.MANIFEST: "The file holds the UIDs of its source, by which whoever has that finds the"
    " patient.",
}


def examine_file(result: Result, suffix: str, target: Path) -> Job[PrivacyReport]:
    """Look at everything that the file of an answer would tell, saved at `target`.

    `suffix` is how its name usually ends. Raises UnreadableError where no frame can be decoded.
    """
    yield Progress(message="Looking for what tells the patient")
    found = [*_at_first_sight(result, suffix, target)]
    if FORM_OF[suffix] not in PICTURES:
        return PrivacyReport(tuple(found), (), None)
    frames = [one.frame for one in result.shown]
    regions = yield from text_in_pictures(result.clip, frames, bare(result.clip))
    found += [*of_device(result.clip), *of_text(regions)]
    return PrivacyReport(tuple(found), regions, VERSION)


def places_of(result: Result, suffix: str) -> tuple[Place, ...]:
    """Return where the file of an answer tells the patient, whatever it is called."""
    if FORM_OF.get(suffix) in OBJECTS:
        return (Place.TAGS,)
    named = any(one.sop_instance_uid for one in result.found.maps)
    return (Place.MANIFEST,) if named and suffix in _NAMES_OBJECTS else ()


def _at_first_sight(result: Result, suffix: str, target: Path) -> Iterator[Finding]:
    told = told_by_name(target.name, result.clip.identity)
    if told:
        yield Finding(Place.FILE_NAME, certain=True, sentence=name_sentence(told))
    for place in places_of(result, suffix):
        yield Finding(place, certain=True, sentence=_SENTENCES[place])
