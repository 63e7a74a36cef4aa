#!/bin/bash
# Install TAXII servers of others (medallion, OpenTAXII), each in an environment of its own, for tests of our client.
# Where: .peers beside the repository's files, or the folder named by SEAWALL_PEERS.
set -euo pipefail
cd "$(dirname "$0")/.."
where=${SEAWALL_PEERS:-.peers}
python=${PYTHON:-python3.11}
make_one() {
  local name=$1; shift
  [ -e "$where/$name/installed" ] && return
  "$python" -m venv "$where/$name"
  "$where/$name/bin/pip" install --quiet --disable-pip-version-check "$@"
  touch "$where/$name/installed"
}
make_one medallion medallion==3.0.0 'flask<2.3' 'werkzeug<2.3' # it imports what later Flasks took away
make_one opentaxii opentaxii==0.9.3 "sqlalchemy<2"
echo "taxii_peers: medallion and OpenTAXII stand in $where"
