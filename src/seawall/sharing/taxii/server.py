"""The TAXII 2.1 server: every endpoint of the standard (4 and 5), over the store.

What is not there for a user, by right or by marking, is answered like what is not there at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from seawall.errors import SeawallError
from seawall.model.clock import Clock
from seawall.model.taxii import TaxiiCollection, TaxiiSettings, may
from seawall.model.tlp import LIGHTS
from seawall.sharing.marking import markings_of
from seawall.sharing.taxii import describing as told
from seawall.sharing.taxii.asking import MATCHES, Question, read_question
from seawall.sharing.taxii.callers import Caller, Users
from seawall.sharing.taxii.cursor import Cursors
from seawall.sharing.taxii.marks import light_of
from seawall.sharing.taxii.media import STIX, TAXII
from seawall.sharing.taxii.moments import added_text
from seawall.sharing.taxii.objects import ID, Checked, Unfit, check
from seawall.sharing.taxii.pace import Pace
from seawall.sharing.taxii.refusal import Refusal
from seawall.sharing.taxii.serving import Released, Serving, TaxiiResponse, index, paged, resource
from seawall.sharing.taxii.store import ANYTHING, Record, Store, pieces
from seawall.sharing.taxii.uploads import new_upload

_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AT_ONCE: Final = 500  # marking definitions read in one question
_MOST_OBJECTS: Final = 100_000  # of one upload, whatever its size


def _caller(request: Request) -> Caller:
    serving: Serving = request.app.state.serving
    return serving.admit(request)


Who = Annotated[Caller, Depends(_caller)]


def build(settings: TaxiiSettings, store: Store, clock: Clock, *, released: Released | None = None) -> FastAPI:
    """The application. `released` is told of every page before it leaves, and may refuse it by raising.

    Raises:
        InputError: a password cannot be revealed, or the database cannot be written.
    """
    store.make(one.id.lower() for one in settings.collections)
    serving = Serving(
        settings,
        store,
        Users(settings.users),
        Cursors(store.key("next")),
        clock,
        Pace(settings.requests_per_minute),
        Pace(settings.failed_logins_per_minute),
        released or (lambda *_: None),
        index(settings),
    )
    app = FastAPI(
        title=settings.title,
        version="2.1",
        openapi_url=None,
        redirect_slashes=False,
        default_response_class=TaxiiResponse,
    )
    app.state.serving = serving
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(SeawallError, _unavailable)
    for status in (404, 405):
        app.add_exception_handler(status, _unrouted(serving, status))
    app.add_exception_handler(Exception, _confessed)
    app.include_router(_about(serving))
    app.include_router(_reading(serving))
    app.include_router(_writing(serving))
    return app


def _about(serving: Serving) -> APIRouter:
    """Discovery, API roots, collections, status."""
    router, settings = APIRouter(), serving.settings

    @router.get("/taxii2/", responses=told.of("discovery", 200), dependencies=[Depends(_caller)])
    def discovery(request: Request) -> TaxiiResponse:
        """Which API roots there are."""
        roots = [f"{_base(request, settings)}/{root.name}/" for root in settings.roots]
        about = {"title": settings.title, "description": settings.description, "contact": settings.contact}
        return resource({**about, "default": roots[0], "api_roots": roots})

    @router.get("/{root}/", responses=told.of("root", 200, 404), dependencies=[Depends(_caller)])
    def api_root(root: str) -> TaxiiResponse:
        """What an API root is, and what it takes."""
        about = serving.root(root)
        return resource(
            {
                "title": about.title,
                "description": about.description,
                "versions": [TAXII],
                "max_content_length": about.max_content_length,
            }
        )

    @router.get("/{root}/status/{status_id}/", responses=told.of("status", 200, 404))
    def status(root: str, status_id: str, who: Who) -> TaxiiResponse:
        """What became of an upload; only its sender may know."""
        name, known = serving.root(root).name, _UUID.fullmatch(status_id.lower())
        document = serving.store.status(name, who.name, known[0]) if known else None
        if document is None:
            raise Refusal(404, "there is no such status")
        return TaxiiResponse(document.encode())

    @router.get("/{root}/collections/", responses=told.of("collections", 200, 404))
    def collections(root: str, who: Who) -> TaxiiResponse:
        """The collections a user has any right to."""
        return resource(
            {"collections": [_collection(one, who) for one in serving.visible(serving.root(root).name, who)]}
        )

    @router.get("/{root}/collections/{collection}/", responses=told.of("collection", 200, 404))
    def collection(root: str, collection: str, who: Who) -> TaxiiResponse:
        """One collection."""
        return resource(_collection(serving.collection(root, collection, who), who))

    return router


def _reading(serving: Serving) -> APIRouter:
    """Manifest, objects, one object, its versions."""
    router = APIRouter()
    place = "/{root}/collections/{collection}"

    @router.get(
        f"{place}/manifest/", responses=told.of("manifest", 200, 400, 403, 404), openapi_extra=told.asking(MATCHES)
    )
    def manifest(request: Request, root: str, collection: str, who: Who) -> TaxiiResponse:
        """What a collection holds, without the objects themselves."""
        one = serving.collection(root, collection, who, read=True)
        return _paged(serving, request, who, one, "manifest", "objects", _entry)

    @router.get(
        f"{place}/objects/", responses=told.of("envelope", 200, 400, 403, 404), openapi_extra=told.asking(MATCHES)
    )
    def objects(request: Request, root: str, collection: str, who: Who) -> TaxiiResponse:
        """The objects of a collection, in the order they were added."""
        one = serving.collection(root, collection, who, read=True)
        return _paged(serving, request, who, one, "objects", "objects", _body)

    of_one = frozenset({"version", "spec_version"})

    @router.get(
        f"{place}/objects/{{object_id}}/",
        responses=told.of("envelope", 200, 400, 403, 404),
        openapi_extra=told.asking(of_one),
    )
    def object_(request: Request, root: str, collection: str, object_id: str, who: Who) -> TaxiiResponse:
        """One object, in the versions asked for."""
        one = serving.collection(root, collection, who, read=True)
        return _paged(serving, request, who, one, "object", "objects", _body, object_id=object_id, matches=of_one)

    of_versions = frozenset({"spec_version"})

    @router.get(
        f"{place}/objects/{{object_id}}/versions/",
        responses=told.of("versions", 200, 400, 403, 404),
        openapi_extra=told.asking(of_versions),
    )
    def versions(request: Request, root: str, collection: str, object_id: str, who: Who) -> TaxiiResponse:
        """The versions of one object, in the order they were added."""
        one = serving.collection(root, collection, who, read=True)
        return _paged(
            serving, request, who, one, "versions", "versions", _version, object_id=object_id, matches=of_versions
        )

    return router


def _writing(serving: Serving) -> APIRouter:
    """Adding objects, and removing them."""
    router = APIRouter()
    place = "/{root}/collections/{collection}/objects/"

    @router.post(
        place,
        status_code=202,
        responses=told.of("status", 202, 400, 403, 404, 408, 413, 415, 422),
        openapi_extra=told.BODY,
    )
    async def add(request: Request, root: str, collection: str, who: Who) -> TaxiiResponse:
        """Add objects; the answer says what became of each."""
        one = serving.collection(root, collection, who, write=True)
        body = await serving.body(request, serving.root(root))
        return TaxiiResponse((await run_in_threadpool(_upload, serving, one, who, body)).encode(), 202)

    @router.delete(
        f"{place}{{object_id}}/",
        responses=told.of("nothing", 200, 400, 403, 404),
        openapi_extra=told.asking(frozenset({"version", "spec_version"}), paged=False),
    )
    def remove(request: Request, root: str, collection: str, object_id: str, who: Who) -> TaxiiResponse:
        """Remove an object from this collection: all its versions, or those asked for."""
        one = serving.collection(root, collection, who, read=True, write=True)
        if not may(who.name, one.delete):
            raise Refusal(403, "you may read and write this collection, but not delete from it")
        matches = frozenset({"version", "spec_version"})
        question = read_question(request.query_params.multi_items(), page_max=1, matches=matches, versions="all")
        if not ID.fullmatch(object_id) or not serving.store.delete(one.id.lower(), object_id, question, who.clearance):
            raise Refusal(404, "there is no such object, or none of its versions is asked for")
        return TaxiiResponse(b"{}")

    return router


def _paged(
    serving: Serving,
    request: Request,
    who: Caller,
    one: TaxiiCollection,
    endpoint: str,
    name: str,
    show: Callable[[Record], str],
    *,
    object_id: str | None = None,
    matches: frozenset[str] = MATCHES,
) -> TaxiiResponse:
    """Answer one of the four paged endpoints."""
    question = read_question(
        request.query_params.multi_items(),
        page_max=serving.settings.page_max,
        matches=matches,
        versions="all" if endpoint == "versions" else "last",
    )
    place = "/".join((endpoint, one.id.lower(), object_id or ""))
    asked = serving.cursors.follow(place, question)
    if object_id is not None:
        if not ID.fullmatch(object_id):
            raise Refusal(404, "there is no such object")
        asked = asked.of_one(object_id)
    page = serving.store.page(one.id.lower(), asked, who.clearance, bodies=show is _body)
    if object_id is not None and not page.records and not serving.store.holds(one.id.lower(), object_id, who.clearance):
        raise Refusal(404, "there is no such object")
    if page.records:
        serving.released(who, one, page)
    next_ = serving.cursors.make(place, question, page.records[-1].added) if page.more else None
    return paged(name, (show(record) for record in page.records), page, next_)


def _upload(serving: Serving, one: TaxiiCollection, who: Caller, body: bytes) -> str:
    """Check and keep what was sent; returns the status resource. Raises Refusal: 400 or 422."""
    kept: list[Checked] = []
    failures: list[dict[str, str]] = []
    taken = frozenset(kind.rpartition("=")[2] for kind in one.media_types)
    values = _envelope(body)
    strictest = light_of(one.unmarked, [*_definitions(serving, one, values), *values])
    for value in values:
        try:
            kept.append(check(value, light_of=strictest, spec_versions=taken))
        except Unfit as unfit:
            failures.append({"id": unfit.id, "version": unfit.version, "message": unfit.why})
    upload = new_upload(serving.settings.root_of(one), who.name, serving.clock, failures, serving.settings.status_days)
    clearance = who.clearance if may(who.name, one.read) else -1  # who may not read is told nothing of what is there
    return serving.store.upload(one.id.lower(), kept, upload, clearance)


def _definitions(serving: Serving, one: TaxiiCollection, values: list[Any]) -> list[Any]:
    """What the collection already knows of the markings that are named."""
    named = {ref for value in values if isinstance(value, dict) for ref in markings_of(value) if ref and len(ref) < 300}
    known: list[Any] = []
    for some in pieces(sorted(named - set(LIGHTS))):
        question = Question(limit=_AT_ONCE, ids=tuple(some), types=("marking-definition",), versions=("all",))
        more = True
        while more:
            page = serving.store.page(one.id.lower(), question, ANYTHING)
            known += [json.loads(record.body) for record in page.records]
            more = page.more
            question = question.continued(page.records[-1].added) if more else question
    return known


def _envelope(body: bytes) -> list[Any]:
    try:
        value = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else "no JSON"
        raise Refusal(400, f"the body is {what}") from None
    if not isinstance(value, dict):
        raise Refusal(422, "the body is no envelope: an object with a list called objects")
    if value.get("type") == "bundle":
        raise Refusal(422, 'the body is a STIX bundle; send what it holds in an envelope: {"objects": [...]}')
    objects = value.get("objects")
    if not isinstance(objects, list) or not objects:
        raise Refusal(422, "the envelope has no list called objects, or an empty one")
    if len(objects) > _MOST_OBJECTS:
        raise Refusal(413, f"more than {_MOST_OBJECTS} objects; send them in parts")
    return objects


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


def _collection(one: TaxiiCollection, who: Caller) -> dict[str, Any]:
    about: dict[str, Any] = {"id": one.id.lower(), "title": one.title}
    about |= {name: value for name, value in (("description", one.description), ("alias", one.alias)) if value}
    about |= {"can_read": may(who.name, one.read), "can_write": may(who.name, one.write)}
    return about | {"media_types": list(one.media_types)}


def _body(record: Record) -> str:
    return record.body


def _version(record: Record) -> str:
    return json.dumps(record.version)


def _entry(record: Record) -> str:
    return json.dumps(
        {
            "id": record.id,
            "date_added": added_text(record.added),
            "version": record.version,
            "media_type": f"{STIX}{record.spec_version}",
        }
    )


def _base(request: Request, settings: TaxiiSettings) -> str:
    """How the caller reaches us: as configured, else as the request says."""
    if settings.url:
        return settings.url.rstrip("/")
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host if _HOST.fullmatch(host) else settings.listen}"


async def _refused(request: Request, error: Exception) -> TaxiiResponse:  # noqa: ARG001 - a handler's signature
    assert isinstance(error, Refusal)
    return TaxiiResponse(error.body(), error.status, error.headers)


async def _unavailable(request: Request, error: Exception) -> TaxiiResponse:  # noqa: ARG001
    """The database or the disk refused: its words may name what is none of the caller's business."""
    return TaxiiResponse(Refusal(503, "the server cannot do that now").body(), 503, {"Retry-After": "30"})


async def _confessed(request: Request, error: Exception) -> TaxiiResponse:  # noqa: ARG001
    return TaxiiResponse(Refusal(500, "the server made a mistake; its log says which").body(), 500)


def _unrouted(serving: Serving, status: int) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, error: Exception) -> TaxiiResponse:
        """No such path or method; who is not known is told neither."""
        try:
            await run_in_threadpool(serving.admit, request)
        except Refusal as refusal:
            return await _refused(request, refusal)
        what = "there is nothing here; paths of TAXII end in /"
        if status == 405:
            what = "this path does not know that method"
        return TaxiiResponse(Refusal(status, what).body(), status, getattr(error, "headers", None))

    return answer
