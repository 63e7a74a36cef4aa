#!/bin/bash
# Install Seawall from this folder, without network: ./install.sh [FOLDER]   (default: ./seawall-venv)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-seawall-venv}
python=${PYTHON:-python3}

cd "$here"
sha256sum --quiet --strict --check SHA256SUMS
# A file nobody listed is a file nobody vouched for.
unlisted=$(find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | while read -r file; do
  grep -qF "  $file" SHA256SUMS || echo "$file"; done)
[ -z "$unlisted" ] || { echo "install: not in SHA256SUMS: $unlisted" >&2; exit 1; }

if [ -n "${SEAWALL_BUNDLE_PUB:-}" ]; then
  openssl pkeyutl -verify -pubin -inkey "$SEAWALL_BUNDLE_PUB" -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null \
    || { echo "install: the signature is not by $SEAWALL_BUNDLE_PUB; do not use this bundle" >&2; exit 1; }
  echo "signature: good"
elif [ -f SHA256SUMS.sig ]; then
  echo "signature: NOT checked. Name the public key you were given in SEAWALL_BUNDLE_PUB to check it."
else
  echo "signature: this bundle is NOT signed"
fi

cd "$OLDPWD"
"$python" -m venv "$to"
"$to/bin/python" -m pip --disable-pip-version-check install --quiet --no-compile --no-index --no-deps \
  --require-hashes --find-links "$here/wheels" -r "$here/requirements.txt"
echo "installed: $("$to/bin/seawall" --version). Start with: $to/bin/seawall --help"
