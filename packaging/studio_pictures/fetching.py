"""Finding studies in an archive, and one of them with its series."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from studio_pictures.photographer import Photographer


def fetching(at: Photographer) -> None:
    """Keep the studies of the demonstration as an archive tells them."""
    from xray_studio.core.pacs.node import Node
    from xray_studio.services.pacs.nodes import forget_node, keep_node
    from xray_studio.ui.dialogs.fetch.dialog import FetchDialog

    series = at.window.session.state.catalog.all_series()
    paths = [path for one in series for path in one.paths]
    with _archive(paths) as port:
        keep_node(Node("hospital", host="127.0.0.1", port=port, called_ae_title="HOSPITAL"))
        folder = Path.home() / "Studies"
        folder.mkdir()
        at.window.preferences.change("export", folder=str(folder))
        at.window.commands["find_in_archive"].trigger()
        dialog = at.window.desk.dialogs["fetch"]
        assert isinstance(dialog, FetchDialog)
        at.wait_for(lambda: bool(dialog.form.where()))
        dialog.form.node.setCurrentIndex(dialog.form.node.findText("hospital"))
        dialog.form.name.setText("Phantom")
        dialog.form.search.click()
        tree = dialog.tree
        at.wait_for(lambda: tree.rows.rowCount() > 1)
        chest = next(
            tree.rows.index(row, 0)
            for row in range(tree.rows.rowCount())
            if tree.rows.item(row, 4).text().startswith("DX")
        )
        tree.expand(chest)
        at.wait_for(lambda: "Series" in (tree.rows.index(0, 0, chest).data() or ""))
        tree.setCurrentIndex(chest)
        at.keep("find-in-archive")
        dialog.close()
        forget_node("hospital")


@contextlib.contextmanager
def _archive(paths: Sequence[str]) -> Iterator[int]:
    """Run an archive on loopback that tells what some files hold."""
    from pynetdicom import AE, evt

    entity = AE("HOSPITAL")
    entity.add_supported_context("1.2.840.10008.5.1.4.1.2.2.1")
    held = _Held(paths)
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    server = entity.start_server(
        ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_FIND, held.find)]
    )
    try:
        yield port
    finally:
        if server is not None:
            server.shutdown()


class _Held:
    """The headers of some files, asked by study and series."""

    def __init__(self, paths: Sequence[str]) -> None:
        from pydicom import dcmread

        self.headers = [dcmread(path, stop_before_pixels=True) for path in paths]

    def find(self, event: Any) -> Iterator[tuple[int, Any]]:
        """Yield one match for each study, or for each series of the study that is asked for."""
        study = event.identifier.QueryRetrieveLevel == "STUDY"
        name = "StudyInstanceUID" if study else "SeriesInstanceUID"
        groups: dict[str, list[Any]] = {}
        for one in self.headers:
            if study or one.StudyInstanceUID == event.identifier.StudyInstanceUID:
                groups.setdefault(str(one[name].value), []).append(one)
        for group in groups.values():
            yield 0xFF00, _match(event.identifier, group, study=study)


def _match(asked: Any, group: Sequence[Any], *, study: bool) -> Any:
    from pydicom.dataset import Dataset

    made = Dataset()
    for element in asked:
        if element.keyword and element.keyword in group[0]:
            made.add(group[0][element.keyword])
    made.QueryRetrieveLevel = asked.QueryRetrieveLevel
    if study:
        made.ModalitiesInStudy = sorted({str(one.Modality) for one in group})
        made.NumberOfStudyRelatedSeries = len({one.SeriesInstanceUID for one in group})
        made.NumberOfStudyRelatedInstances = len(group)
    else:
        made.NumberOfSeriesRelatedInstances = len(group)
    return made
