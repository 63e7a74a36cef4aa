"""The server by the book of TAXII 2.1, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from seawall.model.taxii import TaxiiCollection
from tests.sharing.taxii.serving import BOTH, FEED, HEADERS, INBOX, MEDIA, Running, identity, post, running

AT = f"/sharing/collections/{BOTH}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that tests only read, or fill with objects of their own."""
    with running(tmp_path_factory.mktemp("taxii") / "state.db") as one:
        yield one


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "state.db") as one:
        yield one


def test_discovery_names_roots_that_answer(server: Running) -> None:
    with server.client() as client:
        found = client.get("/taxii2/").json()
        assert found["default"] in found["api_roots"]
        root = client.get(found["default"]).json()
        assert root["versions"] == [MEDIA]
        assert root["max_content_length"] == 10_485_760


def test_rights_decide_what_a_user_is_shown_of_collections(server: Running) -> None:
    def rights(user: str) -> dict[str, tuple[bool, bool]]:
        with server.client(user) as client:
            listed = client.get("/sharing/collections/").json()
            assert listed == {} or listed["collections"]
            return {one["id"]: (one["can_read"], one["can_write"]) for one in listed.get("collections", [])}

    assert rights("anna") == {BOTH: (True, True), INBOX: (False, True), FEED: (True, False)}
    assert rights("nobody") == {}


def test_each_status_is_given_by_the_book_with_an_error_resource(server: Running) -> None:
    with server.client() as client:
        wrong = {
            401: httpx.get(f"{server.url}/taxii2/", headers=HEADERS, trust_env=False),
            403: client.get(f"/sharing/collections/{INBOX}/objects/"),
            404: client.get("/sharing/collections/00000000-0000-4000-8000-000000000000/"),
            405: client.put("/taxii2/"),
            406: client.get("/taxii2/", headers={"Accept": "application/taxii+json;version=2.0"}),
            415: client.post(f"{AT}/objects/", content=b"{}", headers={"Content-Type": "application/json"}),
            413: client.post(f"{AT}/objects/", content=b" " * 10_485_761),
            400: client.post(f"{AT}/objects/", content=b'{"objects": ['),
            422: client.post(f"{AT}/objects/", content=b'{"type": "bundle", "objects": [{}]}'),
        }
    for status, response in wrong.items():
        assert response.status_code == status
        assert response.headers["content-type"] == MEDIA
        assert response.json()["http_status"] == str(status)
        assert response.json()["title"]
    assert wrong[401].headers["www-authenticate"].startswith("Basic realm=")
    assert wrong[405].headers["allow"] == "GET"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=a",
        "limit=",
        "limit=1&limit=2",
        "added_after=yesterday",
        "added_after=2026-02-30T00:00:00Z",
        "added_after=",
        "match[version]=newest",
        "match[type]=",
        "match[id]=a%00b",
        "match[name]=x",
        "match[spec_version]=two",
        "next=abc",
        "next=%FF%00",
    ],
)
def test_a_parameter_nobody_can_follow_is_refused_by_name(server: Running, query: str) -> None:
    with server.client() as client:
        response = client.get(f"{AT}/objects/?{query}")
    assert response.status_code == 400
    name = query.partition("=")[0]
    assert name in response.json()["description"]


@pytest.mark.parametrize("path", ["objects/%00/", "objects/a%FF/versions/", "objects/x--1/", "objects/%2E%2E/"])
def test_what_can_be_no_id_is_not_there(server: Running, path: str) -> None:
    with server.client() as client:
        assert client.get(f"{AT}/{path}").status_code == 404
        assert client.get("/sharing/status/%00/").status_code == 404


def test_a_write_only_box_takes_and_a_read_only_feed_gives(fresh: Running) -> None:
    with fresh.client() as anna, fresh.client("feeder") as feeder:
        assert post(anna, FEED, identity(1)).status_code == 403
        assert post(anna, INBOX, identity(1)).status_code == 202
        assert feeder.get(f"/sharing/collections/{INBOX}/objects/").json()["objects"] == [identity(1)]
        assert post(feeder, FEED, identity(2)).status_code == 202
        assert anna.get(f"/sharing/collections/{FEED}/objects/").json()["objects"] == [identity(2)]
        assert anna.delete(f"/sharing/collections/{FEED}/objects/{identity(2)['id']}/").status_code == 403
        assert anna.delete(f"/sharing/collections/{INBOX}/objects/{identity(1)['id']}/").status_code == 403


def test_an_upload_says_what_became_of_each_and_only_its_sender_may_ask_again(fresh: Running) -> None:
    with fresh.client() as anna, fresh.client("feeder") as feeder:
        told = post(anna, BOTH, identity(1), {"type": "indicator"}, 7, identity(1)).json()
        assert (told["total_count"], told["success_count"], told["failure_count"]) == (4, 2, 2)
        assert told["successes"][1]["message"] == "there already"
        assert anna.get(f"/sharing/status/{told['id']}/").json() == told
        assert feeder.get(f"/sharing/status/{told['id']}/").status_code == 404


def test_an_object_comes_back_to_the_letter(fresh: Running) -> None:
    odd = identity(
        3, x_odd={"n": 12345678901234567890123, "t": "<b>\U0001f600\ud800\u0000</b>", "f": 1.5, "l": [None, True]}
    )
    with fresh.client() as client:
        assert post(client, BOTH, odd).json()["success_count"] == 1
        assert client.get(f"{AT}/objects/").json()["objects"] == [odd]


def test_versions_are_told_apart_and_asked_for_one_by_one(fresh: Running) -> None:
    with fresh.client() as client:
        post(client, BOTH, identity(1, day=2), identity(1, day=1), identity(1, day=3), identity(2))

        def days(**match: str) -> list[str]:
            params = {f"match[{name}]": value for name, value in match.items()}
            objects = client.get(f"{AT}/objects/", params=params).json().get("objects", [])
            return [one["modified"][9:10] for one in objects if one["id"] == identity(1)["id"]]

        assert days() == days(version="last") == ["3"]
        assert days(version="first") == ["1"]
        assert days(version="all") == ["2", "1", "3"]
        assert days(version="first,2026-01-02T00:00:00Z") == ["2", "1"]
        assert days(type="indicator") == []
        assert days(id=identity(1)["id"], type="identity,indicator", spec_version="2.1") == ["3"]
        assert days(spec_version="2.0") == []
        listed = client.get(f"{AT}/objects/{identity(1)['id']}/versions/").json()["versions"]
        assert listed == [f"2026-01-0{day}T00:00:00.000Z" for day in (2, 1, 3)]
        gone = client.delete(f"{AT}/objects/{identity(1)['id']}/", params={"match[version]": "last"})
        assert (gone.status_code, days()) == (200, ["2"])
        assert client.delete(f"{AT}/objects/{identity(1)['id']}/").status_code == 200
        assert client.get(f"{AT}/objects/{identity(1)['id']}/").status_code == 404
        assert client.delete(f"{AT}/objects/{identity(1)['id']}/").status_code == 404


def test_pages_follow_each_other_exactly_with_the_headers_of_their_ends(fresh: Running) -> None:
    with fresh.client() as client:
        post(client, BOTH, *(identity(number) for number in range(25)))
        for endpoint in ("objects", "manifest"):
            seen, params, ends = list[str](), {"limit": "10"}, list[str]()
            while True:
                answer = client.get(f"{AT}/{endpoint}/", params=params)
                page = answer.json()
                seen += [one["id"] for one in page["objects"]]
                ends += [answer.headers[f"x-taxii-date-added-{end}"] for end in ("first", "last")]
                if not page["more"]:
                    break
                params["next"] = page["next"]
            assert seen == [identity(number)["id"] for number in range(25)]
            assert ends == sorted(ends)
        after = client.get(f"{AT}/manifest/", params={"added_after": ends[1]}).json()["objects"]
        assert [one["id"] for one in after] == seen[10:]
        assert client.get(f"{AT}/objects/", params={"added_after": ends[-1]}).json() == {}


def test_next_holds_after_a_restart_and_only_with_the_parameters_it_was_given_for(tmp_path: Path) -> None:
    with running(tmp_path / "state.db") as first, first.client() as client:
        post(client, BOTH, *(identity(number) for number in range(4)))
        token = client.get(f"{AT}/objects/", params={"limit": 2}).json()["next"]
    with running(tmp_path / "state.db") as second, second.client() as client:
        page = client.get(f"{AT}/objects/", params={"limit": 5, "next": token}).json()
        assert [one["id"] for one in page["objects"]] == [identity(2)["id"], identity(3)["id"]]
        other = {"next": token, "match[type]": "identity"}
        assert client.get(f"{AT}/objects/", params=other).status_code == 400
        assert client.get(f"{AT}/manifest/", params={"next": token}).status_code == 400
        forged = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
        assert client.get(f"{AT}/objects/", params={"next": forged}).status_code == 400


def test_what_a_reader_is_not_cleared_for_does_not_exist_for_them(fresh: Running) -> None:
    amber, strict = "55d920b0-5e8b-4f79-9ee9-91f868d9b421", "939a9414-2ddd-4d32-a0cd-375ea402b003"
    green = {"object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}
    hidden = identity(2, object_marking_refs=[f"marking-definition--{amber}"])
    recalled = identity(3, day=2, object_marking_refs=[f"marking-definition--{strict}"])
    with fresh.client() as anna, fresh.bearer() as peer:
        post(anna, BOTH, identity(1, **green), hidden, identity(3, **green), recalled, identity(4))
        assert [one["id"] for one in peer.get(f"{AT}/manifest/").json()["objects"]] == [identity(1)["id"]]
        for one in (hidden, recalled, identity(4)):
            assert peer.get(f"{AT}/objects/{one['id']}/").status_code == 404
            assert peer.get(f"{AT}/objects/{one['id']}/versions/").status_code == 404
            every = {"match[id]": one["id"], "match[version]": "all"}
            assert peer.get(f"{AT}/objects/", params=every).json() == {}


GREEN, AMBER, STRICT = (
    {"object_marking_refs": [f"marking-definition--{uuid}"]}
    for uuid in (
        "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        "939a9414-2ddd-4d32-a0cd-375ea402b003",
    )
)


def test_a_laxer_version_never_reopens_what_was_recalled(fresh: Running) -> None:
    with fresh.client() as anna, fresh.bearer() as peer:
        post(anna, BOTH, identity(1, **GREEN), identity(1, day=3, **AMBER), identity(1, day=5, **GREEN))
        post(anna, BOTH, identity(1, day=2, **GREEN))
        versions = peer.get(f"{AT}/objects/{identity(1)['id']}/versions/").json()["versions"]
        assert versions == [identity(1, day=5)["modified"]]
        post(anna, BOTH, identity(1, day=5, **STRICT))  # the marking changed though the version did not
        assert peer.get(f"{AT}/objects/{identity(1)['id']}/").status_code == 404


def test_a_marking_that_is_defined_twice_is_the_strictest_of_both(fresh: Running) -> None:
    name = "marking-definition--aaaaaaaa-1111-4111-8111-111111111111"

    def defined(light: str, day: int) -> dict[str, Any]:
        fixed = {"type": "marking-definition", "spec_version": "2.1", "id": name, "definition_type": "tlp"}
        return {**fixed, "created": f"2026-01-0{day}T00:00:00.000Z", "definition": {"tlp": light}}

    with fresh.client() as anna, fresh.bearer() as peer:
        for number, (first, second) in enumerate((("red", "green"), ("green", "red"))):
            post(anna, BOTH, defined(first, 1 + 2 * number))
            marked = identity(number, object_marking_refs=[name])
            post(anna, BOTH, defined(second, 2 + 2 * number), marked)
            assert peer.get(f"{AT}/objects/{marked['id']}/").status_code == 404


def test_who_may_not_see_an_object_cannot_learn_of_it_by_sending_it(fresh: Running) -> None:
    with fresh.client() as anna, fresh.bearer() as peer, fresh.client("feeder") as feeder:
        post(feeder, INBOX, identity(1, **GREEN))
        for told in (post(peer, INBOX, identity(1, **GREEN)), post(anna, INBOX, identity(1, **STRICT))):
            assert "message" not in told.json()["successes"][0]
        post(feeder, BOTH, identity(2, **STRICT))
        assert "message" not in post(anna, BOTH, identity(2, **GREEN)).json()["successes"][0]
        assert anna.get(f"{AT}/objects/{identity(2)['id']}/").status_code == 404


def test_who_may_delete_can_be_fewer_than_who_may_write(tmp_path: Path) -> None:
    both = ("anna", "feeder")
    shared = TaxiiCollection(BOTH, "Both", alias="both", read=both, write=both, delete=("feeder",))
    with (
        running(tmp_path / "s.db", collections=(shared,)) as server,
        server.client() as anna,
        server.client("feeder") as feeder,
    ):
        post(anna, BOTH, identity(1))
        place = f"{AT}/objects/{identity(1)['id']}/"
        assert [client.delete(place).status_code for client in (anna, feeder)] == [403, 200]


def test_a_value_of_the_wrong_type_is_refused_by_name(fresh: Running) -> None:
    wrong = [{"name": 7}, {"description": ["<b>"]}, {"valid_until": "soon"}, {"first_seen": 5}]
    with fresh.client() as anna:
        told = post(anna, BOTH, *(identity(number, **one) for number, one in enumerate(wrong, 1))).json()
    assert [one["message"].split()[0] for one in told["failures"]] == [next(iter(one)) for one in wrong]


def test_deep_json_and_odd_bodies_are_refused_and_the_server_lives(server: Running) -> None:
    deep = b'{"objects":[' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"]}"
    bodies = {deep: 400, b"\xff\xfe": 400, b"[]": 422, b'{"objects":{}}': 422, b'{"objects":[]}': 422}
    bodies |= {b'{"objects":[{"a":NaN}]}': 400, b"": 400, b"null": 422}
    with server.client() as client:
        for body, status in bodies.items():
            assert client.post(f"{AT}/objects/", content=body).status_code == status
        nested = identity(9)
        nested["x_deep"] = json.loads("[" * 90 + "]" * 90)
        (failure,) = post(client, BOTH, nested).json()["failures"]
        assert failure["message"] == "nested deeper than 50"
        assert client.get("/taxii2/").status_code == 200


def test_who_asks_too_often_or_guesses_passwords_is_told_when_to_come_again(tmp_path: Path) -> None:
    with running(tmp_path / "state.db", requests_per_minute=3, failed_logins_per_minute=2) as server:
        with server.client() as client:
            told = [client.get("/taxii2/") for _ in range(4)]
        assert [one.status_code for one in told] == [200, 200, 200, 429]
        assert int(told[-1].headers["retry-after"]) > 0
        with server.client("feeder", "guess") as guesser:
            assert [guesser.get("/taxii2/").status_code for _ in range(3)] == [401, 401, 429]
