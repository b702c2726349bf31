"""What a node takes is told by what it accepts, and nothing is sent for that."""

from __future__ import annotations

import json

from tests.peers import Orthanc, Server
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.tested import NodeTest
from xray_studio.network.probe import VIDEO_CLASSES, probed

H264 = "1.2.840.10008.1.2.4.102"


def test_orthanc_stores_video_and_answers(orthanc: Orthanc) -> None:
    before = len(orthanc.stored())
    *_, found = probed(orthanc.node())
    assert found.stores_video
    assert found.video is not None
    assert all(H264 in found.video[kind] for kind in VIDEO_CLASSES)
    assert found.video_words() == (
        "It can store video: MPEG-2 (2 of 4 transfer syntaxes), H.264 (5 of 10 transfer syntaxes), "
        "HEVC (2 of 2 transfer syntaxes)."
    )
    assert [len(kinds) for kinds in found.alike().values()] == [9]
    assert (found.answers_queries, found.answers_worklist) == (True, True)
    assert len(found.classes) > 100
    assert found.maximum_length == 16_384
    assert json.loads(json.dumps(found.facts()))["stores_video"] is True
    assert len(orthanc.stored()) == before


def test_storescp_answers_no_queries(storescp: Server) -> None:
    node = Node("scp", host="127.0.0.1", port=storescp.port, called_ae_title="SCP")
    *_, found = probed(node)
    assert (found.answers_queries, found.answers_worklist) == (False, False)


def test_one_that_takes_no_video() -> None:
    from pynetdicom import AE
    from pynetdicom.sop_class import CTImageStorage, Verification

    peer = AE("OLD")
    peer.add_supported_context(Verification)
    peer.add_supported_context(CTImageStorage)
    server = peer.start_server(("127.0.0.1", 0), block=False)
    try:
        port = server.socket.getsockname()[1]
        *_, found = probed(Node("old", host="127.0.0.1", port=port, called_ae_title="OLD"))
    finally:
        server.shutdown()
    assert list(found.classes.values()) == ["CT Image Storage"]
    assert found.stores_video is False
    assert found.video_words() == "It cannot store video; send multi-frame images instead."


def test_some_video_is_told_by_its_kinds() -> None:
    hevc = "1.2.840.10008.1.2.4.107"
    found = NodeTest("a", video={"1": (hevc,), "2": ()}, names={"1": "Video Endoscopic"})
    assert found.video_words() == (
        "It can store video as Video Endoscopic: HEVC (1 of 2 transfer syntaxes)."
    )
    assert NodeTest("a").stores_video is None
