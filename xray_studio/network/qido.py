"""QIDO-RS: what a DICOMweb service has, and whether it has this one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dicomweb_client import DICOMwebClient
from pydicom.dataset import Dataset

from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.core.pacs.query import Level, Match, Query
from xray_studio.network.datasets import text
from xray_studio.network.find import keys_of, match_of
from xray_studio.network.web import client, session, told


class WebAsker:
    """Asks whether a service has objects."""

    def __init__(self, node: Node, asked: DICOMwebClient) -> None:
        self._node, self._client = node, asked

    def has(self, one: Outgoing) -> bool:
        """Tell whether the service has an object. Raises PeerError where it does not say."""
        with told(self._node):
            found = self._client.search_for_instances(
                one.study_instance_uid or None,
                (one.study_instance_uid and one.series_instance_uid) or None,
                search_filters={"SOPInstanceUID": one.sop_instance_uid},
            )
            names = [text(Dataset.from_json(match), "SOPInstanceUID") for match in found]
        return one.sop_instance_uid in names


@contextmanager
def web_asker(node: Node, password: str = "") -> Iterator[WebAsker]:
    """Open a session to ask."""
    with session(node, password) as made:
        yield WebAsker(node, client(node, made))


def web_echo(node: Node, password: str = "") -> float:
    """Return the seconds in which a service answers a query. Raises PeerError otherwise."""
    begun = time.perf_counter()
    with session(node, password) as made, told(node):
        client(node, made).search_for_studies(limit=1)
    return time.perf_counter() - begun


def web_find(node: Node, query: Query, password: str = "", most: int = 0) -> list[Match]:
    """Return what a service has, at most so many (0: all). Raises PeerError where it is silent."""
    keys = keys_of(query)
    del keys["QueryRetrieveLevel"]
    filters = {keyword: value for keyword, value in keys.items() if value}
    fields = [keyword for keyword, value in keys.items() if not value]
    study = filters.pop("StudyInstanceUID", None)
    series = filters.pop("SeriesInstanceUID", None) if study else None
    with session(node, password) as made, told(node):
        asked = client(node, made)
        options: dict[str, Any] = {"search_filters": filters, "fields": fields}
        options |= {"limit": most} if most else {}
        if query.level is Level.STUDY:
            filters |= {"StudyInstanceUID": study} if study else {}
            found = asked.search_for_studies(**options)
        elif query.level is Level.SERIES:
            filters |= {"SeriesInstanceUID": series} if series else {}
            found = asked.search_for_series(study, **options)
        else:
            found = asked.search_for_instances(study, series, **options)
        return [match_of(Dataset.from_json(one), query) for one in found]
