"""Volume works: all that a window does with volumes, and what of the panel asks for which."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.actions.menus import menu_of
from xray_studio.ui.desk import Desk
from xray_studio.ui.errand import Errand
from xray_studio.ui.exports import Exports
from xray_studio.ui.session import Session
from xray_studio.ui.volume.contrast_work import ContrastWork
from xray_studio.ui.volume.curve_work import CurveWork
from xray_studio.ui.volume.files import VolumeSaving
from xray_studio.ui.volume.over_work import OverWork
from xray_studio.ui.volume.panel import VolumePanel
from xray_studio.ui.volume.processing import VolumeProcessing
from xray_studio.ui.volume.radiographs import Radiographs
from xray_studio.ui.volume.raw_opening import RawOpening
from xray_studio.ui.volume.register_work import RegisterWork
from xray_studio.ui.volume.segment_forms import FORMS
from xray_studio.ui.volume.segment_saving import SegmentSaving
from xray_studio.ui.volume.segment_work import SegmentWork
from xray_studio.ui.volume.surface_work import SurfaceWork
from xray_studio.ui.volume.uptake_work import UptakeWork
from xray_studio.ui.volume.work import VolumeWork
from xray_studio.ui.work import JobRunner

OVER_FORMS = ("save_over_nii_gz", "save_over_dcm")


class VolumeWorks(QObject):
    """Holds them; call `close` when the window closes."""

    def __init__(
        self, session: Session, runner: JobRunner, desk: Desk, exports: Exports, window: QWidget
    ) -> None:
        super().__init__(window)
        parts = (session, runner, desk, window)
        writing = (session, runner, desk, exports, window)
        self.opening, self.over, self.curve = (
            VolumeWork(*parts),
            OverWork(*parts),
            CurveWork(*parts),
        )
        self.segments, self.processing = SegmentWork(*parts), VolumeProcessing(*parts)
        self.uptake, self.contrasts = UptakeWork(*parts), ContrastWork(*parts)
        self.registering = RegisterWork(*parts)
        self.surfaces, self.saving = SurfaceWork(*writing), VolumeSaving(*writing)
        self.radiographs, self.raw = Radiographs(*writing), RawOpening(*writing)
        self.segment_saving = SegmentSaving(session, runner, desk, exports, self.segments)
        for work in (self.opening, self.over, self.curve):
            work.follow()

    @property
    def errands(self) -> Iterator[Errand]:
        """Those that have something to tell."""
        return (one for one in vars(self).values() if isinstance(one, Errand))

    def connect_panel(self, panel: VolumePanel, commands: Actions, window: QWidget) -> None:
        """Let the parts of the panel ask for what they show."""
        panel.asked.connect(lambda name: commands[name].trigger())
        panel.process.wanted.connect(self.processing.apply)
        panel.process.original_asked.connect(self.processing.original)
        panel.radiograph.wanted.connect(self.radiographs.show)
        panel.radiograph.save_asked.connect(self.radiographs.ask)
        self.radiographs.made.connect(panel.radiograph.show_picture)
        self.radiographs.refused.connect(panel.radiograph.show_problem)
        panel.contrasts.chosen.connect(self.contrasts.choose)
        panel.contrasts.labels_asked.connect(self.segment_saving.open)
        panel.values.chosen.connect(self.uptake.choose)
        panel.fusion.values_chosen.connect(self.uptake.choose_over)
        forms = [commands[f"save_segments_{form}"] for form in FORMS]
        panel.segments.save.setMenu(menu_of("Save the segments", forms, window))
        over = [commands[name] for name in OVER_FORMS]
        panel.fusion.save.setMenu(menu_of("Save the volume over it", over, window))

    def close(self) -> None:
        """Let all volumes go."""
        self.over.close()
        self.opening.close()
