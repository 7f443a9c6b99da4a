#!/usr/bin/env bash
# Puts Debian's Chromium where the browser tests look for it, unless it is there already.
set -euo pipefail

if command -v chromium >/dev/null; then
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo -n)
    if ! sudo -n true 2>/dev/null; then
        echo "The browser tests need Chromium. Install it as root and run again:" >&2
        echo "    apt-get install chromium fonts-dejavu-core" >&2
        exit 1
    fi
fi
if ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium as 'chromium' on the PATH; there is no apt-get to install it." >&2
    exit 1
fi

"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
