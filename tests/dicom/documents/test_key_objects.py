"""Key Object Selections: why, and which images."""

from __future__ import annotations

from pathlib import Path

from tests.dicom.documents.reports import key_objects, save
from xray_studio.core.document import Images, Paragraph
from xray_studio.dicom.documents.read import read_document


def test_a_selection_lists_its_images(tmp_path: Path) -> None:
    document = read_document(str(save(key_objects("1.9", "1.10"), tmp_path / "key.dcm")))
    assert (document.title, document.kind) == ("Of Interest", "selection of key images")
    assert [block.text for block in document.of_kind(Paragraph)] == ["See the LAD"]
    (images,) = document.of_kind(Images)
    assert [(t.sop_instance_uid, t.frames) for t in images.targets] == [("1.9", (3,)), ("1.10", ())]
    assert images.targets[0].series_instance_uid == "1.2.3.1"
    assert images.texts == ("X-Ray Angiographic Image, frame 3", "X-Ray Angiographic Image")
