#!/usr/bin/env bash
# Unpacks Debian's nginx into build/nginx, for comparisons: nothing is installed and nothing starts
# by itself. Prints the path of the program.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$PWD/build/nginx
nginx=$folder/usr/sbin/nginx
if [[ ! -x $nginx ]]; then
    mkdir -p "$folder/deb"
    # apt leaves the download to a user of its own when it can.
    (cd "$folder/deb" && apt-get download -qq nginx >&2)
    dpkg -x "$folder"/deb/nginx_*.deb "$folder"
fi
if missing=$(ldd "$nginx" | grep 'not found'); then
    printf 'nginx lacks libraries: %s\n' "$missing" >&2
    printf 'apt-get install -y --no-install-recommends --no-upgrade libpcre2-8-0 libssl3 zlib1g\n' >&2
    exit 1
fi
printf '%s\n' "$nginx"
