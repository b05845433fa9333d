#!/bin/sh
# Makes sure that a Chromium and a font with Chinese characters are there, as the browser tests need them.
set -eu

have_browser() { command -v chromium >/dev/null 2>&1; }
have_font() { command -v fc-list >/dev/null 2>&1 && test -n "$(fc-list :lang=zh-cn family)"; }

if have_browser && have_font; then exit 0; fi

if test "$(id -u)" = 0; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo"
else as_root="none"
fi
if test "$as_root" != none && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium and fonts-noto-cjk …"
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
        chromium fontconfig fonts-noto-cjk >/dev/null
fi
have_browser || { echo "The browser tests need Chromium as 'chromium' on the PATH, and it could not be installed." >&2; exit 1; }
have_font || { echo "The browser tests need a font with Chinese characters (fonts-noto-cjk), and it could not be installed." >&2; exit 1; }
