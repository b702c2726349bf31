"""C-STORE to Orthanc and DCMTK: every syntax as it is, an answer for each object, no memory."""

from __future__ import annotations

import resource
import zlib
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import UID, generate_uid

from tests.peers import Orthanc, Server, make_storescp, running
from tests.sent_objects import CT, DEFLATED, IMPLICIT, VIDEO_PHOTOGRAPHIC, several, write
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outgoing, Result
from xray_studio.core.pacs.status import outcome_of
from xray_studio.dicom.outgoing import outgoing
from xray_studio.network.store import CHANGED, dimse_sender

EXPLICIT, EXPLICIT_BIG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
COMPRESSED = [f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70, 80, 81, 90, 91, 92, 93)]
VIDEO = [f"1.2.840.10008.1.2.4.{n}" for n in range(100, 109)]
NEW = ["1.2.840.10008.1.2.4.102.1", "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.201"]
RLE = "1.2.840.10008.1.2.5"


def scp(server: Server) -> Node:
    return Node("scp", host="127.0.0.1", port=server.port, called_ae_title="SCP")


def always(_: int) -> bool:
    return True


def sent(node: Node, objects: list[Outgoing]) -> list[Result]:
    with dimse_sender(node, [one.pair for one in objects]) as sender:
        return [sender.send(one, always).result for one in objects]


def data_set(path: Path | bytes) -> bytes:
    """Return the encoded data set of a file, inflated, since archives deflate in other ways."""
    content = path if isinstance(path, bytes) else path.read_bytes()
    length = int.from_bytes(content[140:144], "little")
    deflated = DEFLATED.encode() in content[:400]
    found = content[144 + length :]
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(found) if deflated else found


def test_orthanc_takes_every_syntax_that_it_knows_byte_for_byte(
    orthanc: Orthanc, tmp_path: Path
) -> None:
    plain = [write(tmp_path, syntax) for syntax in (IMPLICIT, EXPLICIT, DEFLATED, EXPLICIT_BIG)]
    still = [write(tmp_path, syntax) for syntax in (*COMPRESSED, RLE)]
    video = [write(tmp_path, syntax, VIDEO_PHOTOGRAPHIC) for syntax in VIDEO]
    objects = [*plain, *still, *video]
    assert set(sent(orthanc.node(), objects)) == {Result.STORED}
    stored = orthanc.stored()
    for one in objects:
        found = orthanc.get(f"/instances/{stored[one.sop_instance_uid]}/file")
        assert data_set(found) == data_set(Path(one.path)), UID(one.transfer_syntax_uid).name


def test_an_archive_is_asked_for_syntaxes_that_it_may_not_know(
    orthanc: Orthanc, tmp_path: Path
) -> None:
    objects = [write(tmp_path, syntax) for syntax in NEW]
    with dimse_sender(orthanc.node(), [one.pair for one in objects]) as sender:
        outcomes = [sender.send(one, always) for one in objects]
    assert {one.result for one in outcomes} == {Result.REFUSED}
    assert "orthanc does not take CT Image Storage as JPEG XL Lossless" in outcomes[1].words


def test_every_syntax_goes_to_one_that_takes_all(tmp_path: Path) -> None:
    from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, evt

    got: dict[str, tuple[str, bytes]] = {}

    def take(event: evt.Event) -> int:
        uid = event.request.AffectedSOPInstanceUID
        got[uid] = event.context.transfer_syntax, data_set(event.dataset_path)
        event.dataset_path.unlink()
        return 0x0000

    peer = AE("ALL")
    for kind in (CT, VIDEO_PHOTOGRAPHIC):
        peer.add_supported_context(kind, ALL_TRANSFER_SYNTAXES)
    server = peer.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, take)]
    )
    try:
        port = server.socket.getsockname()[1]
        node = Node("all", host="127.0.0.1", port=port, called_ae_title="ALL")
        wanted = [one for one in ALL_TRANSFER_SYNTAXES if ".2.7." not in one]
        objects = [write(tmp_path, syntax) for syntax in wanted]
        assert set(sent(node, objects)) == {Result.STORED}
    finally:
        server.shutdown()
    for one in objects:
        syntax, content = got[one.sop_instance_uid]
        assert syntax == one.transfer_syntax_uid
        assert content == data_set(Path(one.path))


def test_storescp_takes_video(storescp: Server, tmp_path: Path) -> None:
    objects = [write(tmp_path, syntax, VIDEO_PHOTOGRAPHIC) for syntax in VIDEO]
    assert set(sent(scp(storescp), objects)) == {Result.STORED}
    names = [path.name for path in (storescp.folder / "got").iterdir()]
    assert all(any(one.sop_instance_uid in name for name in names) for one in objects)


def test_an_archive_that_takes_implicit_only_gets_the_same_pixels(tmp_path: Path) -> None:
    with running(make_storescp(tmp_path / "scp", "+xi")) as server:
        plain, packed = write(tmp_path), write(tmp_path, COMPRESSED[0])
        node = scp(server)
        assert sent(node, [plain, packed]) == [Result.STORED, Result.REFUSED]
        (got,) = (tmp_path / "scp" / "got").iterdir()
        found, source = pydicom.dcmread(got), pydicom.dcmread(plain.path)
        assert found.file_meta.TransferSyntaxUID == IMPLICIT
        assert found.PixelData == source.PixelData


def test_an_archive_that_ends_in_the_midst_leaves_it_open(tmp_path: Path) -> None:
    with running(make_storescp(tmp_path / "scp")) as server:
        first, second, third = several(tmp_path, 3)
        with dimse_sender(scp(server), [first.pair]) as sender:
            assert sender.send(first, always).result is Result.STORED
            server.kill()
            outcome = sender.send(second, always)
            assert outcome.result in {Result.BUSY, Result.UNKNOWN}
            assert sender.send(third, always).result is Result.BUSY
            assert not sender.works


def test_an_archive_that_hangs_is_waited_for_no_longer_than_set(tmp_path: Path) -> None:
    with running(make_storescp(tmp_path / "scp")) as server:
        (one,) = several(tmp_path, 1)
        node = Node("scp", host="127.0.0.1", port=server.port, called_ae_title="SCP",
                    answer_timeout=0.5)  # fmt: skip
        with dimse_sender(node, [one.pair]) as sender:
            server.freeze()
            try:
                assert sender.send(one, always).result is Result.UNKNOWN
            finally:
                server.thaw()
            assert not sender.works  # its late answer is taken for no other


def test_a_file_that_changed_or_went_is_not_sent(storescp: Server, tmp_path: Path) -> None:
    changed, gone, good = several(tmp_path, 3)
    Path(changed.path).write_bytes(Path(changed.path).read_bytes() + b"\0\0")
    Path(gone.path).unlink()
    with dimse_sender(scp(storescp), [good.pair]) as sender:
        for one in (changed, gone):
            outcome = sender.send(one, always)
            assert (outcome.result, outcome.words) == (Result.REFUSED, CHANGED)
        assert sender.send(good, always).result is Result.STORED


def test_what_is_stopped_was_not_stored(storescp: Server, tmp_path: Path) -> None:
    (one,) = several(tmp_path, 1)
    with dimse_sender(scp(storescp), [one.pair]) as sender:
        assert sender.send(one, lambda _: False).result is Result.BUSY
        assert not sender.works


@pytest.mark.parametrize("size", [300 << 20])
def test_large_objects_take_no_memory(storescp: Server, tmp_path: Path, size: int) -> None:
    small = write(tmp_path, VIDEO[2], VIDEO_PHOTOGRAPHIC)
    path = Path(small.path)
    with path.open("r+b") as file:  # the stream grows by bytes that take no room on the disk
        content = file.read()
        item = content.rindex(b"\xfe\xff\x00\xe0", 0, len(content) - 8)
        file.seek(item + 4)
        file.write(size.to_bytes(4, "little"))
        file.truncate(item + 8 + size)
        file.seek(0, 2)
        file.write(b"\xfe\xff\xdd\xe0\0\0\0\0")
    one = outgoing(str(path))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sent(scp(storescp), [one]) == [Result.STORED]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50 << 10  # kilobytes
    (got,) = (p for p in (storescp.folder / "got").iterdir() if one.sop_instance_uid in p.name)
    assert got.stat().st_size > size
    got.unlink()


@pytest.mark.parametrize(
    ("status", "result"),
    [(0x0000, Result.STORED), (0xB000, Result.STORED), (0xB007, Result.STORED),
     (0xA700, Result.BUSY), (0xA7FF, Result.BUSY), (0xC000, Result.BUSY), (0x0110, Result.BUSY),
     (0xA900, Result.REFUSED), (0x0122, Result.REFUSED), (0x0124, Result.REFUSED)],
)  # fmt: skip
def test_statuses_are_told_in_words(status: int, result: Result) -> None:
    outcome = outcome_of(status)
    assert outcome.result is result
    assert outcome.status == status
    assert bool(outcome.words) == (status != 0)


def test_more_pairs_than_an_association_holds(orthanc: Orthanc, tmp_path: Path) -> None:
    (one,) = several(tmp_path, 1)
    pairs = [one.pair, *((generate_uid(), EXPLICIT) for _ in range(200))]
    with dimse_sender(orthanc.node(), pairs) as sender:
        assert sender.send(one, always).result is Result.STORED
