#!/bin/sh
# Sets up a checkout: a virtual environment from the lock, tools from apt where that is allowed, front-end assets, translations.
# sh deploy/setup.sh demo|test      Safe to run again; does nothing that is done already.
set -eu
cd "$(dirname "$0")/.."
what=${1:-demo}
state=.venv/.showground
say() { printf '%s\n' "$*"; }

# ---- a virtual environment ----
if [ ! -x .venv/bin/python ]; then
  say "setup: virtual environment"
  ${PYTHON:-python3} -m venv .venv 2>/dev/null || { say "python3-venv is missing: apt-get install python3-venv"; exit 1; }
fi
mkdir -p "$state"
lock=requirements/core.lock
[ "$what" = test ] && lock=requirements/dev.lock
[ -f "$state/test" ] && lock=requirements/dev.lock
sum=$(sha256sum "$lock" | cut -c1-64)
if [ "$(cat "$state/lock" 2>/dev/null || true)" != "$sum" ]; then
  say "setup: Python packages ($lock)"
  .venv/bin/python -m pip install -q --disable-pip-version-check uv==0.13.9 2>/dev/null || true
  if [ -x .venv/bin/uv ]; then .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "$lock"
  else .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"; fi
  site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  pwd > "$site/showground.pth"
  # Compiled once, here: a jail may write nothing, and where PYTHONDONTWRITEBYTECODE is set every process would compile all it imports.
  .venv/bin/python -m compileall -q -j 0 -x '/(pip|mypy|pygments|playwright|geodata|carrierdata)/' "$site" >/dev/null 2>&1 || true
  printf '%s' "$sum" > "$state/lock"
  [ "$what" = test ] && : > "$state/test"
fi

# ---- tools from apt, where we may ----
demo_tools="bwrap:bubblewrap ffmpeg:ffmpeg"
test_tools="chromium:chromium msgfmt:gettext"
missing=
for pair in $demo_tools $([ "$what" = test ] && echo $test_tools); do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ "$what" = test ]; then
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
  fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing="$missing fonts-noto-cjk"
fi
if [ -n "$missing" ]; then
  apt="apt-get install -y --no-install-recommends$missing"
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    say "setup: $apt"
    apt-get update -qq >/dev/null 2>&1 || true
    DEBIAN_FRONTEND=noninteractive $apt >"$state/apt.log" 2>&1 || say "setup: apt-get failed, see $state/apt.log"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    say "setup: sudo $apt"
    sudo apt-get update -qq >/dev/null 2>&1 || true
    sudo DEBIAN_FRONTEND=noninteractive $apt >"$state/apt.log" 2>&1 || say "setup: apt-get failed, see $state/apt.log"
  else
    say "setup: this would help, but only root may do it:  $apt"
    say "       without bubblewrap public uploads are off; the demo's own works are still opened."
  fi
fi
if ! command -v ffmpeg >/dev/null 2>&1 && [ ! -f "$state/ffmpeg" ]; then
  say "setup: ffmpeg from PyPI"
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/ffmpeg.lock && : > "$state/ffmpeg"
fi

# ---- front-end assets ----
po=showground/locale/zh_Hans/LC_MESSAGES/django.po
assets=$(cat package-lock.json showground/ui/build.mjs "$po" $(find showground/ui/css showground/ui/js -type f | sort) | sha256sum | cut -c1-64)
if [ "$(cat "$state/assets" 2>/dev/null || true)" != "$assets" ] || [ ! -d showground/ui/static/ui/dist ]; then
  npm=npm
  if ! command -v npm >/dev/null 2>&1; then
    say "setup: node from PyPI"
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/node.lock
    PATH="$PWD/.venv/bin:$PATH"; export PATH
  fi
  say "setup: front-end assets"
  $npm ci --silent --no-audit --no-fund >"$state/npm.log" 2>&1 || { cat "$state/npm.log"; exit 1; }
  $npm run --silent build >>"$state/npm.log" 2>&1 || { cat "$state/npm.log"; exit 1; }
  printf '%s' "$assets" > "$state/assets"
fi

# ---- translations ----
if [ -f "$po" ] && { [ ! -f "${po%.po}.mo" ] || [ "$po" -nt "${po%.po}.mo" ]; }; then
  .venv/bin/python -m showground.commands._messages "$po"
fi

# ---- compiled code ----
.venv/bin/python -m compileall -q -j 0 showground >/dev/null 2>&1 || true
