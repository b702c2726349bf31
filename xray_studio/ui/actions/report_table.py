"""Actions of reports: beginning, reviewing, signing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.services.report.files import Form
from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.viewer import report_commands as r
from xray_studio.ui.viewer.report_commands import ReportCommands

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
SAVE = Submenu("Save the report", named=True)
FORMS = {
    Form.PDF: "PDF",
    Form.SR: "DICOM structured report",
    Form.TEXT: "Text",
    Form.JSON: "JSON",
    Form.FHIR: "FHIR",
    Form.HL7: "HL7",
}


def report_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    report = ReportCommands(session)
    draft, begin, stop = runs["write_draft"], runs["begin_report"], runs["stop_draft"]
    yield Spec("write_draft", "Write a draft", draft, "Ctrl+Alt+R", r.can_draft)
    yield Spec("begin_report", "Write by hand", begin, "", r.can_draft)
    yield Spec("stop_draft", "Stop writing", stop, "", r.is_drafting)
    analyse = runs["analyse_film"]
    yield Spec("analyse_film", f"Analyse the film{ELLIPSIS}", analyse, "Ctrl+Alt+Y", r.can_draft)
    yield SEPARATOR
    accept, accept_all = report.accept, runs["accept_section"]
    yield Spec("accept_sentence", "Accept the sentence", accept, "Ctrl+Return", r.has_open_sentence)
    yield Spec("accept_section", "Accept the section", accept_all, "", r.has_open_sentences)
    following = runs["next_open_sentence"]
    yield Spec(
        "next_open_sentence", "Next sentence to review", following, "F8", r.has_open_sentences
    )
    heat = runs["show_evidence"]
    yield Spec("show_evidence", "Show what speaks for it", heat, "Ctrl+Alt+H", r.rests_on_finding)
    yield SEPARATOR
    insert, picture = runs["insert_report"], report.add_picture
    yield Spec("insert_report", f"Insert{ELLIPSIS}", insert, "Ctrl+Alt+V", r.has_open_report)
    yield Spec("add_report_picture", "Add the frame in view", picture, "", r.can_add_picture)
    yield Spec("undo_report", "Undo in the report", report.undo, "", r.can_undo)
    yield Spec("redo_report", "Redo in the report", report.redo, "", r.can_redo)
    compare = runs["compare_drafts"]
    yield Spec("compare_drafts", f"Open drafts beside reports{ELLIPSIS}", compare)
    yield SEPARATOR
    find, stop_nearest = runs["find_nearest"], runs["stop_nearest"]
    yield Spec("find_nearest", "Find nearest cases", find, "", r.can_compare)
    yield Spec("stop_nearest", "Stop comparing cases", stop_nearest, "", r.is_comparing)
    library = runs["choose_library"]
    yield Spec("choose_library", f"Choose the library of cases{ELLIPSIS}", library, "", r.is_free)
    yield SEPARATOR
    yield from inside(SAVE, _forms(runs))
    yield Spec("sign_report", f"Sign the report{ELLIPSIS}", runs["sign_report"], "", r.can_sign)
    yield Spec("amend_report", "Amend the report", runs["amend_report"], "", r.can_amend)
    yield SEPARATOR
    yield Spec("show_agreement", "Agreement with drafts", runs["show_agreement"])


def _forms(runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield what a report can be saved as."""
    for form, title in FORMS.items():
        save = partial(runs["save_report"], form)
        yield Spec(f"save_report_{form}", f"{title}{ELLIPSIS}", save, "", r.has_report)
