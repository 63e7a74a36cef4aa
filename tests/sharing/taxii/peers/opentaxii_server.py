"""Run by the Python of OpenTAXII's own environment: that server on a free port, told on standard output."""

import functools
import json
import sys
import tempfile
import types

from opentaxii.config import ServerConfig
from opentaxii.middleware import create_app
from opentaxii.server import TAXIIServer
from opentaxii.taxii2 import http
from werkzeug.serving import make_server

# 0.9.3 answers 500 to nearly everything over SQLite: it cannot write its own UUIDs as JSON. The one thing mended here.
http.json = types.SimpleNamespace(dumps=functools.partial(json.dumps, default=str))
folder = tempfile.mkdtemp(dir=sys.argv[1])
more = {
    "domain": "127.0.0.1",
    "auth_api": {
        "class": "opentaxii.auth.sqldb.SQLDatabaseAPI",
        "parameters": {"db_connection": f"sqlite:///{folder}/auth.db", "create_tables": True, "secret": "of a test"},
    },
    "taxii1": None,
    "taxii2": {
        "contact": "x",
        "description": "peer",
        "title": "peer",
        "max_content_length": 1048576,
        "public_discovery": True,
        "allow_custom_properties": True,
        "persistence_api": {
            "class": "opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI",
            "parameters": {"db_connection": f"sqlite:///{folder}/data.db", "create_tables": True},
        },
    },
}
taxii = TAXIIServer(ServerConfig(extra_configs=[more]))
app = create_app(taxii)
with app.app_context():
    taxii.auth.api.create_account("anna", "pw", is_admin=True)
    root = taxii.servers.taxii2.persistence.api.add_api_root("peer", "", True)
    collection = taxii.servers.taxii2.persistence.api.add_collection(root.id, "both", "", None, False, False)
server = make_server("127.0.0.1", 0, app)
print(f"http://127.0.0.1:{server.server_port}/taxii2/{root.id}/ {collection.id}", flush=True)
server.serve_forever()
