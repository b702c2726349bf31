"""C-FIND: whether an object is there, what there is, and what is planned, in Orthanc's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tests.peers import Orthanc, Server
from tests.sent_objects import several
from xray_studio.core.pacs.errors import NotOfferedError, PeerError
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.query import Level, Query
from xray_studio.core.pacs.worklist import WorklistQuery
from xray_studio.network.find import dimse_asker, find
from xray_studio.network.store import dimse_sender
from xray_studio.network.worklist import worklist


def test_what_is_there_is_told_from_what_is_not(orthanc: Orthanc, tmp_path: Path) -> None:
    first, second = several(tmp_path, 2)
    with dimse_sender(orthanc.node(), [first.pair]) as sender:
        sender.send(first, lambda _: True)
    with dimse_asker(orthanc.node()) as asker:
        assert asker.has(first)
        assert not asker.has(second)


def test_one_that_takes_no_queries(storescp: Server, tmp_path: Path) -> None:
    node = Node("scp", host="127.0.0.1", port=storescp.port, called_ae_title="SCP")
    with pytest.raises(NotOfferedError, match="scp does not offer Study Root"), dimse_asker(node):
        pass


def test_one_that_ends_while_it_is_asked(orthanc: Orthanc, tmp_path: Path) -> None:
    (one,) = several(tmp_path, 1)
    with dimse_asker(orthanc.node(answer_timeout=0.4)) as asker:
        orthanc.freeze()
        try:
            with pytest.raises(PeerError, match=r"gives no answer within 0\.4 s"):
                asker.has(one)
        finally:
            orthanc.thaw()


def test_studies_series_and_objects(orthanc: Orthanc, tmp_path: Path) -> None:
    patient = generate_uid()[-16:]
    objects = several(tmp_path, 3, PatientID=patient, PatientName="Müller^Jörg",
                      SpecificCharacterSet="ISO_IR 100", StudyDate="20261103")  # fmt: skip
    node = orthanc.node()
    with dimse_sender(node, [objects[0].pair]) as sender:
        for one in objects:
            sender.send(one, lambda _: True)
    (study,) = find(node, Query(patient_id=patient))
    assert (study.patient_name, study.study_date) == ("Müller^Jörg", "20261103")
    assert (study.series, study.instances) == (1, 3)
    assert find(node, Query(patient_id=patient, study_date="20261101-20261130")) == [study]
    assert find(node, Query(patient_id=patient, study_date="20261201-")) == []
    assert find(node, Query(patient_id=patient, patient_name="Müller*")) == [study]
    (series,) = find(node, Query(Level.SERIES, study_instance_uid=study.study_instance_uid))
    assert series.series_instance_uid == objects[0].series_instance_uid
    found = find(
        node,
        Query(
            Level.IMAGE,
            study_instance_uid=study.study_instance_uid,
            series_instance_uid=series.series_instance_uid,
        ),
    )
    assert {one.sop_instance_uid for one in found} == {one.sop_instance_uid for one in objects}


def plan(folder: Path, name: str, **step: str) -> None:
    """Write a file of Orthanc's worklist."""
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.PatientName, made.PatientID, made.PatientSex = name, "P-7", "F"
    made.PatientBirthDate, made.AccessionNumber = "19700102", "A-1"
    made.StudyInstanceUID = generate_uid()
    made.RequestedProcedureID, made.RequestedProcedureDescription = "R-1", "Gastroscopy"
    planned = Dataset()
    usual = {
        "Modality": "ES",
        "ScheduledStationAETitle": "TOWER",
        "ScheduledProcedureStepStartDate": "20261122",
        "ScheduledProcedureStepStartTime": "083000",
        "ScheduledProcedureStepID": "S-1",
        "ScheduledProcedureStepDescription": "Upper endoscopy",
    }
    for keyword, value in (usual | step).items():
        setattr(planned, keyword, value)
    made.ScheduledProcedureStepSequence = [planned]
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = "1.2.276.0.7230010.3.1.0.1"
    made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.save_as(folder / f"{generate_uid()}.wl", enforce_file_format=True)


def test_a_worklist(orthanc: Orthanc) -> None:
    plan(orthanc.worklists, "Sørensen^Åse")
    plan(orthanc.worklists, "Doe^Jane", ScheduledProcedureStepStartTime="070000", Modality="US")
    plan(orthanc.worklists, "Roe^Richard", ScheduledProcedureStepStartDate="20261124")
    node = orthanc.node()
    entries = worklist(node, WorklistQuery())
    names = [one.patient_name for one in entries]
    assert names == ["Doe^Jane", "Sørensen^Åse", "Roe^Richard"]
    (one,) = worklist(node, WorklistQuery(modality="ES", date="20261122"))
    assert one == entries[1]
    assert (one.patient_id, one.patient_birth_date, one.patient_sex) == ("P-7", "19700102", "F")
    assert (one.scheduled_procedure_step_id, one.scheduled_station_ae_title) == ("S-1", "TOWER")
    assert one.scheduled_procedure_step_description == "Upper endoscopy"
    assert [one.patient_name for one in worklist(node, WorklistQuery(patient_name="Sør*"))] == [
        "Sørensen^Åse"
    ]
    assert worklist(node, WorklistQuery(accession_number="none")) == []
