"""The client most programs use (taxii2-client, by OASIS) reads, pages and writes at our server, over real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from taxii2client.exceptions import AccessError
from taxii2client.v21 import ApiRoot, Collection, Server, as_pages

from tests.sharing.taxii.serving import BOTH, FEED, INBOX, identity, running


def test_taxii2_client_reads_pages_and_writes(tmp_path: Path) -> None:
    me = {"user": "anna", "password": "anna:s password"}
    many = [identity(number) for number in range(25)]
    with running(tmp_path / "s.db") as server:
        found = Server(f"{server.url}/taxii2/", **me)
        (root,) = found.api_roots
        assert (found.default.url, root.max_content_length) == (root.url, 10_485_760)
        assert {one.id for one in root.collections} == {BOTH, INBOX, FEED}
        both = Collection(f"{root.url}collections/{BOTH}/", **me)
        status = both.add_objects({"objects": [*many, {"type": "nothing"}]})
        assert (status.total_count, status.success_count, status.failure_count) == (26, 25, 1)
        again = ApiRoot(root.url, **me).get_status(status.id)
        assert (again.status, again.success_count) == ("complete", 25)
        pages = list(as_pages(both.get_objects, per_request=10))
        assert [one for page in pages for one in page["objects"]] == many
        assert [page["more"] for page in pages] == [True, True, False]
        listed = [one for page in as_pages(both.get_manifest, per_request=7) for one in page["objects"]]
        assert [one["id"] for one in listed] == [one["id"] for one in many]
        after = both.get_objects(added_after=listed[19]["date_added"], type="identity")
        assert after["objects"] == many[20:]
        both.add_objects({"objects": [identity(3, day=2)]})
        id_ = identity(3)["id"]
        assert both.object_versions(id_)["versions"] == ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"]
        assert both.get_object(id_, version="first")["objects"] == [identity(3)]
        both.delete_object(id_)
        assert id_ not in {one["id"] for one in both.get_manifest()["objects"]}
        with pytest.raises(AccessError):
            Collection(f"{root.url}collections/{INBOX}/", **me).get_objects()
        for one in (found, root, both):
            one.close()
