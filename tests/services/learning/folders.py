"""Small folders of films in the layouts that are read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def film(path: Path, seed: int, shape: tuple[int, int] = (64, 56)) -> Path:
    """Write a picture that is like no other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).normal(128, 60, (8, 8))
    picture = cv2.resize(np.clip(noise, 0, 255).astype(np.uint8), shape[::-1])
    cv2.imwrite(str(path), picture)
    return path


def reports(folder: Path) -> Path:
    """Two studies with reports, one of them with both views, and rows that are none."""
    for number, name in enumerate(("frontal/1_a.png", "lateral/1_b.png", "frontal/2_a.png")):
        film(folder / name, number)
    (folder / "reports.csv").write_text(
        "image,study,projection,split,problems,mesh,findings,impression\n"
        "frontal/1_a.png,1,frontal,train,Cardiomegaly,Cardiomegaly/mild,Large heart.,See above.\n"
        "lateral/1_b.png,1,lateral,train,Cardiomegaly,Cardiomegaly/mild,Large heart.,See above.\n"
        '"frontal/2_a.png",2,frontal,val,normal,normal,"Clear, and\nnormal.",\n'
        "frontal/9_a.png,9,frontal,val,normal,normal,,\n"
        "frontal/1_a.png,3,frontal,val,normal,normal,,\n"
        "../outside.png,4,frontal,val,normal,normal,,\n"
        "frontal/2_a.png,5,frontal\n",
        "utf-8",
    )
    film(folder.parent / "outside.png", 9)
    return folder


def indiana(folder: Path) -> Path:
    """The two tables of Indiana University."""
    for number, name in enumerate(("1_IM-0001-4001.dcm.png", "1_IM-0001-3001.dcm.png")):
        film(folder / "images" / "images_normalized" / name, number)
    (folder / "indiana_reports.csv").write_text(
        "uid,MeSH,Problems,image,indication,comparison,findings,impression\n"
        "1,Calcinosis/aorta,Calcinosis,PA,Cough.,None.,Calcified aorta.,No change.\n", "utf-8",
    )  # fmt: skip
    (folder / "indiana_projections.csv").write_text(
        "uid,filename,projection\n1,1_IM-0001-4001.dcm.png,Frontal\n"
        "1,1_IM-0001-3001.dcm.png,Lateral\n1,gone.png,Frontal\n"
        "7,1_IM-0001-4001.dcm.png,Frontal\n", "utf-8",
    )  # fmt: skip
    return folder


REPORT = """<?xml version="1.0" encoding="utf-8"?>
<eCitation><uId id="CXR1"/><MedlineCitation><Article><Abstract>
<AbstractText Label="COMPARISON">None.</AbstractText>
<AbstractText Label="FINDINGS">Clear <b>lungs</b>.</AbstractText>
<AbstractText Label="IMPRESSION">Hernia.</AbstractText></Abstract></Article></MedlineCitation>
<MeSH><major>Hernia, Hiatal/large</major><automatic>lung</automatic></MeSH>
<parentImage id="CXR1_1_IM-0001-3001"><url>/x/CXR1_1_IM-0001-3001.jpg</url></parentImage>
<parentImage id="CXR1_1_IM-0001-4001"/></eCitation>
"""


def open_i(folder: Path) -> Path:
    """Reports in XML and pictures in PNG, one report damaged and one that expands entities."""
    film(folder / "png" / "CXR1_1_IM-0001-3001.png", 1)
    place = folder / "ecgen-radiology"
    place.mkdir(parents=True)
    (place / "1.xml").write_text(REPORT, "utf-8")
    (place / "2.xml").write_text(REPORT[:300], "utf-8")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><eCitation>&a;</eCitation>'
    (place / "3.xml").write_text(bomb, "utf-8")
    return folder


def nih(folder: Path) -> Path:
    """NIH's tables, boxes and lists of parts."""
    for number in range(3):
        film(folder / f"images_00{number + 1}" / "images" / f"0000000{number}_000.png", number)
    (folder / "Data_Entry_2017_v2020.csv").write_text(
        "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,"
        "View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],\n"
        "00000000_000.png,Cardiomegaly|Effusion,0,1,58,M,PA,2682,2749,0.143,0.143,\n"
        "00000001_000.png,No Finding,0,2,58,M,AP,2682,2749,0.143,0.143,\n"
        "00000002_000.png,Dragon,0,3,58,M,AP,2682,2749,0.143,0.143,\n"
        "00000003_000.png,Mass,0,3,58,M,AP,2682,2749,0.143,0.143,\n", "utf-8",
    )  # fmt: skip
    (folder / "BBox_List_2017.csv").write_text(
        "Image Index,Finding Label,Bbox [x,y,w,h],,,\n"
        "00000000_000.png,Cardiomegaly,512.0,256.0,128.0,64.0,,,\n00000000_000.png,Mass,x,1,1,1\n",
        "utf-8",
    )
    (folder / "test_list.txt").write_text("00000001_000.png\n", "utf-8")
    return folder


def captions(folder: Path) -> Path:
    """Pictures with captions, named without suffix."""
    for number in range(2):
        film(folder / "images" / f"ROCO_{number}.jpg", number)
    (folder / "captions.csv").write_text(
        "ID,Caption\nROCO_0,Chest X-ray.\nROCO_1,\nROCO_2,Nowhere.\n", "utf-8"
    )
    return folder
