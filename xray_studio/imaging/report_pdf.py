"""A report as a PDF that one would hand over: who, what, pictures, who signed, page numbers.

By fpdf2, with letters shaped by HarfBuzz and set in both directions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont
from PIL import Image

from xray_studio.core.output import Picture
from xray_studio.core.report.report import Report, Section
from xray_studio.core.report.sentence import Sentence, chance_words
from xray_studio.core.report.words import (
    ai_line,
    badges,
    origin_lines,
    signer,
    state_line,
    time_words,
)
from xray_studio.imaging.report_fonts import FAMILY, fonts_for, plain_font

MARGIN, FOOT, GAP = 18.0, 22.0, 4.0  # mm
TALLEST, LARGEST = 82.0, 1400  # mm and pixels of a picture
INK, GREY, RULE = (23, 27, 33), (98, 105, 115), (208, 212, 217)
NOBODY: Final = "The pictures do not tell whose they are."
TOTAL: Final = "{nb}"
_FILL: Final = {"DRAFT": (166, 84, 8), "SIGNED": (21, 101, 58), "AI": (88, 52, 160)}
_RIGHT: Final = frozenset(("R", "AL"))  # Unicode's classes of letters that run to the left
_LEFT: Final = frozenset(("L",))


@dataclass(frozen=True, slots=True, eq=False)
class Illustration:
    """A picture (rows, columns) or RGB (rows, columns, 3), uint8, and what is said of it."""

    picture: Picture
    caption: str


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """What stands on paper: a report, facts of patient and study, pictures.

    `running` is the line that tells on every page whose it is.
    """

    report: Report
    who: tuple[tuple[str, str], ...] = ()
    running: str = ""
    pictures: tuple[Illustration, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, how many pages it has, and the letters that no shipped font can show."""

    data: bytes
    pages: int
    unshown: str = ""


def report_pdf(paper: Paper) -> Printed:
    """Return a report on pages of A4."""
    pages = _Pages(paper)
    try:
        return Printed(bytes(pages.output()), pages.page_no(), pages.unshown())
    finally:
        pages.close_fonts()


class _Pages(FPDF):
    """Pages with a running head and foot."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4", unit="mm")
        self._paper = paper
        self._text = "".join(_every_text(paper))
        self._fonts()
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0.0  # text begins where rules and pictures do
        self.set_auto_page_break(auto=True, margin=FOOT)
        self.set_title("Report")
        self.set_creator("X-Ray Studio")
        self.alias_nb_pages(TOTAL)
        self.set_creation_date(_latest(paper.report))
        self.add_page()
        self._whole()

    def header(self) -> None:
        """Tell on every page but the first whose report it is."""
        if self.page_no() == 1:
            return
        self._small(self._paper.running)
        self._rule()

    def footer(self) -> None:
        """Tell how far the report is, what AI has to do with it, and which page it is."""
        self.set_y(-FOOT + GAP)
        self._rule(after=1.5)
        top = self.get_y()
        lines = [state_line(self._paper.report), ai_line(self._paper.report)]
        for line in filter(None, lines):
            self._small(line, width=self.epw - 24)
        self._font("", 8, GREY)
        number = f"Page {self.page_no()} of "
        self.set_xy(self.w - MARGIN - self.get_string_width(f"{number}0"), top)
        # The library knows how many pages there are at the end, and finds the mark unshaped only.
        self.set_text_shaping(use_shaping_engine=False)
        self.cell(24, 4, f"{number}{TOTAL}")
        self.set_text_shaping(use_shaping_engine=True)

    def unshown(self) -> str:
        """Return letters that none of the fonts has."""
        known = set[int]().union(*(font.cmap for font in self._shipped()))
        strange = {one for one in self._text if ord(one) not in known and one.isprintable()}
        return "".join(sorted(strange))

    def close_fonts(self) -> None:
        """Close the files of the fonts, which the library leaves open."""
        for font in self._shipped():
            font.ttfont.close()

    def _shipped(self) -> list[TTFFont]:
        return [font for font in self.fonts.values() if isinstance(font, TTFFont)]

    # -- parts

    def _whole(self) -> None:
        report = self._paper.report
        self._title()
        self._who()
        if report.summary is not None:
            self._paragraph(report.summary.text, style="B", size=11)
            self._mark_of(report.summary)
            self.ln(1.5)
        for section in report.sections:
            if section.sentences:
                self._section(section)
        self._measurements()
        self._pictures()
        self._end()

    def _title(self) -> None:
        top = self.get_y()
        self._font("B", 19)
        self.cell(0, 9, "Report", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        right = self.w - MARGIN
        for badge in reversed(badges(self._paper.report)):
            right = self._badge(badge, right, top + 1.5) - 2
        self.ln(2)

    def _badge(self, word: str, right: float, top: float) -> float:
        """Draw a badge that ends at `right`, and return where it begins."""
        self._font("B", 9)
        width = self.get_string_width(word) + 6
        self.set_fill_color(*_FILL[word])
        self.rect(right - width, top, width, 6, style="F", round_corners=True, corner_radius=1.5)
        self.set_text_color(255, 255, 255)
        self.set_xy(right - width, top)
        self.cell(width, 6, word, align="C")
        self.set_xy(MARGIN, top + 7.5)
        return right - width

    def _who(self) -> None:
        self._rule()
        each = [one for one in self._paper.who if one[1]]
        if not each:
            self._small(NOBODY)
        half = self.epw / 2
        for number in range(0, len(each), 2):
            top, lowest = self.get_y(), self.get_y()
            for column, (label, value) in enumerate(each[number : number + 2]):
                self.set_xy(MARGIN + column * half, top)
                self._font("", 8, GREY)
                self.cell(28, 5, label)
                self._font("", 9.5)
                self.multi_cell(half - 30, 5, value, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
                lowest = max(lowest, self.get_y())
            self.set_xy(MARGIN, lowest)
        self._rule(before=1.5)
        self.ln(1)

    def _section(self, section: Section) -> None:
        self._heading(section.heading)
        ways = {runs_left(one.text) for one in section.sentences}
        if self._paper.report.is_signed and len(ways) == 1:
            self._paragraph(section.text)
            return
        for sentence in section.sentences:
            self._paragraph(sentence.text)
            self._mark_of(sentence)

    def _mark_of(self, sentence: Sentence) -> None:
        """Set a mark in the margin beside the last line of a sentence that nobody reviewed.

        Below it stands whose probability it rests on.
        """
        if not sentence.is_open:
            return
        after = self.here()
        self._font("B", 7)
        self.set_fill_color(*_FILL["AI"])
        self.set_text_color(255, 255, 255)
        left, top = MARGIN - 8, after[1] - 4.4
        self.rect(left, top, 6, 3.6, style="F", round_corners=True, corner_radius=0.8)
        self.set_xy(left, top)
        self.cell(6, 3.6, "AI", align="C")
        self.set_xy(*after)
        chance = chance_words(sentence)
        if chance:
            self._small(f"Probability of {chance}")
            self.ln(1)

    def here(self) -> tuple[float, float]:
        """Return where the next text would stand."""
        return self.get_x(), self.get_y()

    def _heading(self, words: str) -> None:
        self._room(16)
        self.ln(2.5)
        self._paragraph(words, style="B", size=11)
        self.ln(0.5)

    def _measurements(self) -> None:
        each = self._paper.report.measurements
        if not each:
            return
        self._heading("Measurements")
        for one in each:
            self._paragraph(f"{one.name}: {one.words}")

    def _pictures(self) -> None:
        """Place pictures two beside one another."""
        each = self._paper.pictures
        if not each:
            return
        width = (self.epw - GAP) / 2
        for number in range(0, len(each), 2):
            pair = each[number : number + 2]
            tall = max(_height(one, width) for one in pair)
            if number == 0:
                self._room(tall + 26)
                self._heading("Images")
            else:
                self._room(tall + 14)
            top, lowest = self.get_y(), self.get_y()
            for column, one in enumerate(pair):
                lowest = max(
                    lowest, self._picture(one, MARGIN + column * (width + GAP), top, width)
                )
            self.set_xy(MARGIN, lowest + 2)

    def _picture(self, one: Illustration, left: float, top: float, width: float) -> float:
        """Draw a picture with its caption, and return where it ends."""
        height = _height(one, width)
        wide = height * one.picture.shape[1] / one.picture.shape[0]
        self.image(_image(one), left, top, wide, height, alt_text=one.caption)
        self.set_xy(left, top + height + 1)
        self._font("", 8.5, GREY)
        self.multi_cell(width, 4, one.caption, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        return float(self.get_y())

    def _end(self) -> None:
        report = self._paper.report
        self._room(24)
        self.ln(4)
        if report.signature is not None:
            self._rule()
            self._paragraph(signer(report.signature), style="B", size=10)
            self._small(f"Signed {time_words(report.signature.time)}")
            self._small(f"SHA-256 of the content: {report.signature.content_sha256}")
            self.ln(1)
        for line in origin_lines(report):
            self._small(line)

    # -- text

    def _paragraph(self, words: str, style: str = "", size: float = 10.5) -> None:
        """Write text over the whole width; what runs to the left begins at the right."""
        self._font(style, size)
        words = "".join(one for one in words if one == "\n" or unicodedata.category(one) != "Cc")
        align = "R" if runs_left(words) else "L"
        self.multi_cell(0, size * 0.5, words, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _small(self, words: str, width: float = 0) -> None:
        self._font("", 8, GREY)
        self.multi_cell(width, 4, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _rule(self, before: float = 0.0, after: float = 2.0) -> None:
        y = self.get_y() + before
        self.set_draw_color(*RULE)
        self.set_line_width(0.25)
        self.line(MARGIN, y, self.w - MARGIN, y)
        self.set_xy(MARGIN, y + after)

    def _room(self, height: float) -> None:
        """Begin a page where less than `height` is left."""
        if self.get_y() + height > self.h - FOOT:
            self.add_page()

    def _font(self, style: str, size: float, colour: tuple[int, int, int] = INK) -> None:
        self.set_font(FAMILY, style, size)
        self.set_text_color(*colour)

    def _fonts(self) -> None:
        for style in ("", "B"):
            self.add_font(FAMILY, style, plain_font(style))
        others = fonts_for(self._text)
        for name, file in others:
            self.add_font(name, "", file)
        self.set_fallback_fonts([name for name, _ in others], exact_match=False)
        self.set_text_shaping(use_shaping_engine=True)


def runs_left(words: str) -> bool:
    """Tell whether the first letter that has a direction runs to the left (UAX 9, P2)."""
    for letter in words:
        kind = unicodedata.bidirectional(letter)
        if kind in _RIGHT | _LEFT:
            return kind in _RIGHT
    return False


def _latest(report: Report) -> datetime:
    return report.signature.time if report.signature else report.created


def _every_text(paper: Paper) -> Iterator[str]:
    report = paper.report
    yield paper.running
    yield from (value for _, value in paper.who)
    yield from (section.heading for section in report.sections)
    yield from (f"{one.text} {chance_words(one)}" for _, one in report.each())
    yield from (f"{one.name} {one.words}" for one in report.measurements)
    yield from (one.caption for one in paper.pictures)
    yield from origin_lines(report)
    if report.signature is not None:
        yield signer(report.signature)


def _height(one: Illustration, width: float) -> float:
    rows, columns = one.picture.shape[:2]
    return float(min(TALLEST, width * rows / columns))


def _image(one: Illustration) -> Image.Image:
    found = Image.fromarray(one.picture)
    found.thumbnail((LARGEST, LARGEST))
    return found
