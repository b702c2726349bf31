"""C-FIND: which studies, series and objects a node has, and whether it has this one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

from pydicom.dataset import Dataset
from pynetdicom.dimse_primitives import C_FIND

from xray_studio.core.pacs.errors import NotOfferedError, PeerError
from xray_studio.core.pacs.fetched import Coming
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.core.pacs.query import Level, Match, Query
from xray_studio.network.association import Link, associated
from xray_studio.network.contexts import EXPLICIT, IMPLICIT, VERIFICATION
from xray_studio.network.datasets import Values, decoded, encoded, identifier, number, text
from xray_studio.network.wire import drop

STUDY_ROOT_FIND: Final = "1.2.840.10008.5.1.4.1.2.2.1"
_STUDY_KEYS: Final = (
    "StudyTime", "StudyDescription", "PatientBirthDate", "PatientSex",
    "NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances", "ModalitiesInStudy",
)  # fmt: skip
_SERIES_KEYS: Final = (
    "Modality", "SeriesNumber", "SeriesDescription", "NumberOfSeriesRelatedInstances",
)  # fmt: skip
_IMAGE_KEYS: Final = ("SOPClassUID", "InstanceNumber")


class DimseAsker:
    """Asks on one association whether a node has objects."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def has(self, one: Outgoing) -> bool:
        """Tell whether the node has an object. Raises PeerError where it does not say."""
        values = {
            "QueryRetrieveLevel": "IMAGE",
            "StudyInstanceUID": one.study_instance_uid,
            "SeriesInstanceUID": one.series_instance_uid,
            "SOPInstanceUID": one.sop_instance_uid,
        }
        found = list(ask(self._link, STUDY_ROOT_FIND, values))
        return any(text(match, "SOPInstanceUID") == one.sop_instance_uid for match in found)


@contextmanager
def dimse_asker(node: Node, password: str = "") -> Iterator[DimseAsker]:
    """Open an association to ask. Raises NotOfferedError where the node takes no queries."""
    with asking(node, STUDY_ROOT_FIND, password) as link:
        yield DimseAsker(link)


@contextmanager
def asking(node: Node, model: str, password: str) -> Iterator[Link]:
    """Open an association for queries of a model, as PeerError and NotOfferedError allow."""
    pairs = [(model, IMPLICIT), (model, EXPLICIT), (VERIFICATION, IMPLICIT)]
    with associated(node, pairs, password) as link:
        link.context(model)
        yield link


def ask(link: Link, model: str, values: Values) -> Iterator[Dataset]:
    """Yield the matches of a query. Raises PeerError where the node fails."""
    return (one for one in asked(link, model, values) if not isinstance(one, Coming))


def asked(link: Link, model: str, values: Values) -> Iterator[Dataset | Coming]:
    """Yield the matches of a query, and between them that nothing has come, as `ask` does."""
    context, syntax = link.context(model)
    request = C_FIND()
    request.MessageID = link.message_number()
    request.AffectedSOPClassUID = model
    request.Priority = 0  # medium
    request.Identifier = encoded(identifier(values), syntax)
    for answer in link.asked(request, context):
        if isinstance(answer, Coming):
            yield answer
        elif answer.Status in {0xFF00, 0xFF01}:
            yield decoded(answer.Identifier, syntax)
        elif answer.Status:
            raise PeerError(
                f"{link.node.told} fails to search (status {answer.Status:04X}H); ask for less."
            )


def find(node: Node, query: Query, password: str = "") -> list[Match]:
    """Return what a node has. Raises PeerError where it does not say."""
    return [one for one in finding(node, query, password) if not isinstance(one, Coming)]


def finding(
    node: Node, query: Query, password: str = "", most: int = 0
) -> Generator[Match | Coming, None, None]:
    """Yield what a node has, at most so many (0: all), and between that that nothing has come.

    Raises PeerError where it does not say.
    """
    count = 0
    with asking(node, STUDY_ROOT_FIND, password) as link:
        for one in asked(link, STUDY_ROOT_FIND, keys_of(query)):
            if isinstance(one, Coming):
                yield one
                continue
            yield match_of(one, query)
            count += 1
            if count == most:
                drop(link.association)  # it would go on to tell
                return


def keys_of(query: Query) -> dict[str, str]:
    """Return a query by keyword: what it looks for, and what it wants to know."""
    keys = {
        "QueryRetrieveLevel": query.level.upper(),
        "PatientName": query.patient_name,
        "PatientID": query.patient_id,
        "StudyDate": query.study_date,
        "AccessionNumber": query.accession_number,
        "StudyInstanceUID": query.study_instance_uid,
    }
    if query.level is Level.STUDY:
        return keys | dict.fromkeys(_STUDY_KEYS, "") | {"ModalitiesInStudy": query.modality}
    keys["SeriesInstanceUID"] = query.series_instance_uid
    if query.level is Level.SERIES:
        return keys | dict.fromkeys(_SERIES_KEYS, "") | {"Modality": query.modality}
    return keys | dict.fromkeys(_IMAGE_KEYS, "") | {"SOPInstanceUID": query.sop_instance_uid}


def match_of(found: Dataset, query: Query) -> Match:
    """Return what a match tells."""
    study = query.level is Level.STUDY
    return Match(
        query.level,
        study_instance_uid=text(found, "StudyInstanceUID") or query.study_instance_uid,
        series_instance_uid=text(found, "SeriesInstanceUID") or query.series_instance_uid,
        sop_instance_uid=text(found, "SOPInstanceUID"),
        sop_class_uid=text(found, "SOPClassUID"),
        patient_name=text(found, "PatientName"),
        patient_id=text(found, "PatientID"),
        patient_birth_date=text(found, "PatientBirthDate"),
        patient_sex=text(found, "PatientSex"),
        study_date=text(found, "StudyDate"),
        study_time=text(found, "StudyTime"),
        study_description=text(found, "StudyDescription"),
        accession_number=text(found, "AccessionNumber"),
        modality=text(found, "ModalitiesInStudy" if study else "Modality"),
        series_number=number(found, "SeriesNumber"),
        series_description=text(found, "SeriesDescription"),
        instance_number=number(found, "InstanceNumber"),
        series=number(found, "NumberOfStudyRelatedSeries"),
        instances=number(
            found,
            "NumberOfStudyRelatedInstances" if study else "NumberOfSeriesRelatedInstances",
        ),
    )


def offers(node: Node, model: str, password: str = "") -> bool:
    """Tell whether a node takes queries of a model. Raises PeerError where it is not there."""
    try:
        with asking(node, model, password):
            return True
    except NotOfferedError:
        return False
