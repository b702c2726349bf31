"""Telling: what the parts of a window have to say is said in its bar of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xray_studio.ui.dialogs.dataset.dialog import written_words
from xray_studio.ui.dialogs.export.progress import result_words, show_in_folder

if TYPE_CHECKING:
    from xray_studio.ui.main_window import MainWindow


def tell(window: MainWindow) -> None:
    """Let the bar say what went wrong, what is done, and where it is."""
    bar, exports = window.jobs, window.exports
    bar.folder_asked.connect(show_in_folder)
    failures = (window.controller.failed, window.laid_over.failed, window.preferences.failed)
    for failed in (*failures, window.restoring.told):
        failed.connect(lambda sentence: bar.say(sentence, "danger"))
    exports.failed.connect(lambda _task, sentence: bar.say(sentence, "danger"))
    exports.saved.connect(lambda path: bar.say_saved(f"{path.name} saved", path))
    exports.finished.connect(
        lambda _task, result: bar.say_saved(result_words(result), result.target)
    )
    exports.data_set_written.connect(
        lambda _task, result: bar.say_saved(written_words(result), result.target)
    )
    window.analysing.saved.connect(bar.say_saved)
    reports = (window.report_work, window.report_saving, window.nearest_work, window.agreeing)
    kept = (window.key_saving, window.mark_saving, window.mark_keeping, window.document_saving)
    others = (window.step_presets, window.conformance, window.analysing, window.draft_pages)
    last = (window.feedback_work, window.unusual_saving, window.archive_work)
    for errand in (*reports, *kept, *others, *last):
        errand.told.connect(bar.say)
    for work in window.volumes.errands:
        work.told.connect(bar.say)
