# Sourced by deploy/install, deploy/back and deploy/ppg: where things lie, and how they are started and stopped.
#
# ROOT is in front of every path that is written. It is blank but for `deploy/install --root`.

set -euo pipefail
ROOT=${ROOT:-}
CODE=/opt/ppg          # releases/NAME/, each with what it needs in venvs/; current and previous point at two of them
SETTINGS=/etc/ppg      # environment and proxy, the certificate; nobody but root writes here
DATA=/var/lib/ppg      # static files, backups, the ledger: the service's own
UNITS=/etc/systemd/system
SOCKET=/run/ppg/web.sock
SERVICE=ppg            # the service's user, and its role and database in PostgreSQL

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

has_systemd() { [ -z "$ROOT" ] && [ -d /run/systemd/system ]; }

# Whether this machine does a part: web, worker, database.
does() { [[ " $(cat "$ROOT$SETTINGS/parts" 2>/dev/null) " == *" $1 "* ]]; }

one_at_a_time() {
    exec 9>"$ROOT$CODE/.lock"
    flock -n 9 || stop "deploy/install or deploy/back runs on this machine already. Wait until it has ended."
}

# --- The environment's file ------------------------------------------------------------------------

# settings FILE: exports each NAME=value as systemd reads it: no comments, a pair of quotes around a value taken off, a
# backslash too, but for where quotes keep it.
settings() {
    local line name value
    while IFS= read -r line || [ -n "$line" ]; do
        [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z_0-9]*)=(.*)$ ]] || continue
        name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
        value=${value#"${value%%[![:space:]]*}"}
        value=${value%"${value##*[![:space:]]}"}
        if [[ $value =~ ^\'(.*)\'$ ]]; then
            value=${BASH_REMATCH[1]}
        elif [[ $value =~ ^\"(.*)\"$ ]]; then
            value=$(printf '%s' "${BASH_REMATCH[1]}" | sed 's/\\\(["\\$`]\)/\1/g')
        elif [[ $value == *\\* ]]; then
            value=$(printf '%s' "$value" | sed 's/\\\(.\)/\1/g')
        fi
        export "$name=$value"
    done <"$1"
}

# setting NAME: one of them.
setting() { (unset "$1"; settings "$ROOT$SETTINGS/environment"; printf '%s' "${!1:-}"); }

# Below ROOT the product's own commands run only where its database is a file there too.
runs_commands() { [ -z "$ROOT" ] || [[ $(setting DATABASE_URL) == sqlite:///$DATA/* ]]; }

# become_service COMMAND...: this process goes on as the command, as the service's user, with the installation's settings
# and nothing of the caller's. They are exported here: on a command line everybody on the machine could read them.
become_service() {
    local name
    for name in $(compgen -e); do
        [[ $name == PATH || $name == TERM ]] || unset "$name"
    done
    export HOME=$DATA LANG=C.UTF-8 PYTHONUNBUFFERED=1
    settings "$ROOT$SETTINGS/environment"
    umask 077
    cd /
    if [ -n "$ROOT" ]; then
        for name in PPG_VAR PPG_LEDGER DATABASE_URL; do
            export "$name=${!name/$DATA/$ROOT$DATA}"
        done
    fi
    if [ "$(id -un)" = "$SERVICE" ] || [ -n "$ROOT" ]; then
        exec "$@"
    fi
    [ "$(id -u)" = 0 ] || stop "Run this as root."
    exec setpriv --reuid="$SERVICE" --regid="$SERVICE" --init-groups --no-new-privs "$@"
}

as_service() (become_service "$@")

# manage RELEASE COMMAND...: manage.py of one release.
manage() { as_service "$ROOT$CODE/releases/$1/deploy/run" manage "${@:2}"; }

# --- Releases ----------------------------------------------------------------------------------------

# release current, release previous: the name of what it points at, or nothing.
release() { local to; to=$(readlink "$ROOT$CODE/$1" 2>/dev/null) && basename "$to" || true; }

# In one step: nobody finds it missing.
point() { # point current NAME
    ln -sfn "releases/$2" "$ROOT$CODE/.$1"
    mv -T "$ROOT$CODE/.$1" "$ROOT$CODE/$1"
}

# switch_to NAME: what is started from now on is of this release; `previous` is the one before.
switch_to() {
    local before
    before=$(release current)
    [ "$before" != "$1" ] || return 0
    [ -z "$before" ] || point previous "$before"
    point current "$1"
}

# --- PostgreSQL on this machine ----------------------------------------------------------------------

sql() (cd / && setpriv --reuid=postgres --regid=postgres --init-groups psql -qtAX -d postgres -v ON_ERROR_STOP=1 -c "$1")

postgresql_answers() {
    local _
    for _ in $(seq 60); do
        sql 'SELECT' >/dev/null 2>&1 && return
        sleep 1
    done
    return 1
}

# make_database [ASIDE]: role and database, where they are not there; what is there gets the name ASIDE before. The role
# has no password: PostgreSQL asks the system who is at its socket, and that is the service's user.
make_database() {
    [ -z "${1:-}" ] || sql "ALTER DATABASE $SERVICE RENAME TO $1"
    [ -n "$(sql "SELECT 1 FROM pg_roles WHERE rolname = '$SERVICE'")" ] || sql "CREATE ROLE $SERVICE LOGIN"
    [ -n "$(sql "SELECT 1 FROM pg_database WHERE datname = '$SERVICE'")" ] ||
        sql "CREATE DATABASE $SERVICE OWNER $SERVICE ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
    sql "REVOKE ALL ON DATABASE $SERVICE FROM PUBLIC"
}

# --- Starting and stopping ---------------------------------------------------------------------------

# The socket stays open meanwhile: requests that come wait for the new server, those that are there are answered.
start_again() {
    has_systemd || return 0
    systemctl daemon-reload
    if does web; then
        systemctl enable --quiet ppg-web.socket ppg-web.service ppg-proxy.service
        systemctl start ppg-web.socket
        systemctl restart ppg-web.service
        systemctl reload-or-restart ppg-proxy.service
    fi
    if does worker; then
        systemctl enable --quiet ppg-worker.service
        systemctl restart ppg-worker.service
    fi
}

stop_all() {
    has_systemd || return 0
    systemctl stop ppg-worker.service ppg-web.service ppg-web.socket 2>/dev/null || true
}

# answers NAME: until the web server says that it is ready. Its reasons are printed where it does not.
answers() {
    has_systemd && does web || return 0
    local host
    host=$(setting ALLOWED_HOSTS)
    "$CODE/releases/$1/.venv/bin/python" "$CODE/releases/$1/deploy/answers.py" "$SOCKET" "${host%%,*}" 120
}
