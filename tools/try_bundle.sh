#!/bin/bash
# Try the offline install where there is no network at all: tools/try_bundle.sh DIST
set -euo pipefail
bundle=$(cd "$1/seawall-bundle" && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

without_network=(unshare --net --map-root-user)
if ! "${without_network[@]}" true 2>/dev/null; then
  echo "try: cannot take the network away here (unshare is not permitted); installing with --no-index only"
  without_network=()
fi
cd "$home"
"${without_network[@]}" env -i PATH="$PATH" HOME="$home" ${PYTHON:+PYTHON="$PYTHON"} \
  ${SEAWALL_BUNDLE_PUB:+SEAWALL_BUNDLE_PUB="$SEAWALL_BUNDLE_PUB"} bash "$bundle/install.sh" "$home/venv"
"${without_network[@]}" env -i PATH="$PATH" HOME="$home" "$home/venv/bin/seawall" --version
echo "try: the bundle installs and starts$([ ${#without_network[@]} -eq 0 ] || echo ' without network')"
