#!/bin/bash
# Install the Debian packages that tests of real parts need. Seawall itself needs none of them.
set -euo pipefail
packages=(
  bind9          # its query log and dnstap files
  unbound        # its query log
  bind9-dnsutils # asking both
  nginx          # access and error logs
  snmp snmptrapd # sending and logging traps
  openssh-client openssh-sftp-server # SFTP transfer lines
  vsftpd curl    # FTP transfer logs
  postgresql     # database logs
  7zip           # archives as the real program packs them
  default-jre-headless  # Java, for the second engine
  chromium       # looking at reports: layout, print, no request to the network
  frr nftables iproute2 # routes withdrawn, packets dropped: in network namespaces of the tests' own
  git            # reading repositories of configurations
  nfdump         # reading nfcapd files
  softflowd      # making an nfcapd file from a capture
  poppler-utils  # looking at printed reports
  freeradius     # RADIUS accounting written by a real server
  freeradius-utils # radclient, which sends it packets
  rsyslog        # relays that rewrite headers
  tmux           # looking at the terminal
  zip            # archives as the real program packs them
  util-linux     # unshare: trying the offline install without network
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then echo "system-deps: all there"; exit 0; fi

command -v apt-get >/dev/null || { echo "system-deps: not a Debian system; install yourself: ${missing[*]}" >&2; exit 1; }
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "system-deps: installed ${missing[*]}"
