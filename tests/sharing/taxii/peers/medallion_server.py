"""Run by the Python of medallion's own environment: the OASIS reference server, on a free port."""

import json
import os
import tempfile

from medallion import application_instance, register_blueprints, set_config
from werkzeug.serving import make_server

COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
DATA = {
    "discovery": {
        "title": "peer",
        "default": "http://localhost/trustgroup1/",
        "api_roots": ["http://localhost/trustgroup1/"],
    },
    "trustgroup1": {
        "information": {
            "title": "peer",
            "versions": ["application/taxii+json;version=2.1"],
            "max_content_length": 1048576,
        },
        "status": [],
        "collections": [
            {
                "id": COLLECTION,
                "title": "both",
                "can_read": True,
                "can_write": True,
                "media_types": ["application/stix+json;version=2.1"],
                "objects": [],
                "manifest": [],
            }
        ],
    },
}
with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "data.json")
    with open(name, "w") as file:
        json.dump(DATA, file)
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": name}
    config = {"users": {"anna": "pw"}, "taxii": {"max_page_size": 7}, "backend": backend}
    for part in config:
        set_config(application_instance, part, config)
    register_blueprints(application_instance)
server = make_server("127.0.0.1", 0, application_instance)
print(f"http://127.0.0.1:{server.server_port}/trustgroup1/ {COLLECTION}", flush=True)
server.serve_forever()
