"""Reading: makes views of documents and knows what these point at."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from xray_studio.core.content import Reference
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.document.drawings import Drawings
from xray_studio.ui.document.objects import Found, Objects, only
from xray_studio.ui.document.view import DocumentView
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner


class Reading(QObject):
    """`link_asked` tells an object that a document leads to, `save_asked` that one be saved."""

    link_asked = Signal(object)
    save_asked = Signal()

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        thumbnails: Thumbnails,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._thumbnails = session, runner, thumbnails
        self._objects = Objects()
        self._lanes = count()

    def view(self, parent: QWidget) -> DocumentView:
        """Return a new view."""
        drawings = Drawings(self._runner, f"pages {next(self._lanes)}")
        view = DocumentView(drawings, self._thumbnail, self._is_known, parent)
        drawings.setParent(view)
        view.link_asked.connect(self.link_asked)
        view.save_asked.connect(self.save_asked)
        self._thumbnails.ready.connect(view.follow_thumbnails)
        return view

    def find(self, target: Reference) -> Found | None:
        """Return where an object is, None when it is not among what was opened."""
        return self._objects.find(self._session.state.catalog, target)

    def _is_known(self, target: Reference) -> bool:
        return self.find(target) is not None

    def _thumbnail(self, target: Reference) -> QImage | None:
        found = self.find(target)
        if found is None:
            return None
        frame = target.frames[0] - 1 if target.frames else None
        return self._thumbnails.get(only(found), frame)
