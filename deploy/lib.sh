# Sourced by deploy/install, deploy/back and deploy/ppg: where things lie, and how they are started and stopped.
#
# ROOT is in front of every path that is written. It is blank but for `deploy/install --root`.

set -euo pipefail
ROOT=${ROOT:-}
export -n ROOT # the product's own processes are told nothing of it
CODE=/opt/ppg          # releases/NAME/, each with what it needs in venvs/; current and previous point at two of them
SETTINGS=/etc/ppg      # environment and proxy, the certificate; nobody but root writes here
DATA=/var/lib/ppg      # static files, backups, the ledger: the service's own
UNITS=/etc/systemd/system
SOCKET=/run/ppg/web.sock
SERVICE=ppg            # the service's user, and its role and database in PostgreSQL
OWNER=ppg_owner        # the user and role that owns the database and its tables, and runs no service

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

# Whether the tables belong to somebody else than the service. Its address is in a file that root alone reads.
has_owner() { [ -e "$ROOT$SETTINGS/owner" ]; }

# Below ROOT the product's own commands run only where its database is a file there too, or its owner was named.
runs_commands() { [ -z "$ROOT" ] || has_owner || [[ $(setting DATABASE_URL) == sqlite:///$DATA/* ]]; }

# become USER COMMAND...: this process goes on as the command, as that user, with the installation's settings and nothing
# of the caller's. They are exported here: on a command line everybody on the machine could read them. The owner is a
# user of its own: what is in a process's environment every process of the same user can read.
become() {
    local name user=$1
    shift
    for name in $(compgen -e); do
        [[ $name == PATH || $name == TERM ]] || unset "$name"
    done
    export HOME=$DATA LANG=C.UTF-8 PYTHONUNBUFFERED=1
    settings "$ROOT$SETTINGS/environment"
    [ "$user" = "$SERVICE" ] || settings "$ROOT$SETTINGS/owner"
    umask 007
    cd /
    if [ -n "$ROOT" ]; then
        for name in PPG_VAR PPG_LEDGER DATABASE_URL; do
            export "$name=${!name/$DATA/$ROOT$DATA}"
        done
    fi
    if [ "$(id -un)" = "$user" ] || [ -n "$ROOT" ]; then
        exec "$@"
    fi
    [ "$(id -u)" = 0 ] || stop "Run this as root."
    exec setpriv --reuid="$user" --regid="$SERVICE" --init-groups --no-new-privs "$@"
}

become_service() { become "$SERVICE" "$@"; }
as_service() (become_service "$@")

# needs_owner COMMAND...: whether it changes tables, writes them anew, or replaces the audit trail.
needs_owner() {
    case $1 in
        set_up | migrate | createcachetable | grant_web | restore) return 0 ;;
        rotate_keys | retention) [[ " ${*:2} " == *" --rewrite "* ]] ;;
        *) return 1 ;;
    esac
}

# become_manage RUN COMMAND...: manage.py, as the owner where the command needs it and there is one.
become_manage() {
    local user=$SERVICE
    has_owner && needs_owner "${@:2}" && user=$OWNER
    become "$user" "$1" manage "${@:2}"
}

# manage RELEASE COMMAND...: manage.py of one release.
manage() (become_manage "$ROOT$CODE/releases/$1/deploy/run" "${@:2}")

# The tables are as this release needs them, and the service may do with them what it has to.
set_up() { # set_up RELEASE
    manage "$1" set_up >&2
    ! has_owner || manage "$1" grant_web "$(web_role)" >&2
}

# The role that web and worker sign in as.
web_role() {
    local user
    user=$(setting DATABASE_URL)
    user=${user#*://}
    user=${user%%[:@]*}
    printf '%b' "${user//%/\\x}"
}

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

# sql STATEMENTS [DATABASE]: in one transaction.
sql() (
    cd /
    as_postgres=()
    [ "$(id -u)" != 0 ] || as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
    "${as_postgres[@]}" psql -U postgres -qtAX -d "${2:-postgres}" -v ON_ERROR_STOP=1 -c "$1"
)

postgresql_answers() {
    local _
    for _ in $(seq 60); do
        sql 'SELECT' >/dev/null 2>&1 && return
        sleep 1
    done
    return 1
}

# make_database [ASIDE]: roles and database, where they are not there; what is there gets the name ASIDE before. The roles
# have no password: PostgreSQL asks the system who is at its socket.
make_database() {
    local role
    [ -z "${1:-}" ] || sql "ALTER DATABASE $SERVICE RENAME TO $1"
    for role in "$SERVICE" "$OWNER"; do
        [ -n "$(sql "SELECT 1 FROM pg_roles WHERE rolname = '$role'")" ] || sql "CREATE ROLE $role LOGIN"
    done
    [ -n "$(sql "SELECT 1 FROM pg_database WHERE datname = '$SERVICE'")" ] ||
        sql "CREATE DATABASE $SERVICE OWNER $OWNER ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
    sql "REVOKE ALL ON DATABASE $SERVICE FROM PUBLIC"
    take_from_service
}

# What an earlier version of this made belongs to the service's own role. It is served meanwhile: in the same moment in
# which the service stops being the owner it gets the rights that grant_web narrows afterwards.
take_from_service() {
    local tries
    for tries in $(seq 10); do
        [ -n "$(sql "SELECT 1 FROM pg_shdepend JOIN pg_roles ON refobjid = pg_roles.oid WHERE rolname = '$SERVICE'
            AND deptype = 'o' AND (dbid = (SELECT oid FROM pg_database WHERE datname = '$SERVICE')
                OR classid = 'pg_database'::regclass AND objid = (SELECT oid FROM pg_database WHERE datname = '$SERVICE'))
            LIMIT 1")" ] || return 0
        [ "$tries" != 1 ] || say "Giving the tables to $OWNER, so that web and worker cannot change the audit trail"
        ! sql "SET lock_timeout = '5s'; REASSIGN OWNED BY $SERVICE TO $OWNER;
            GRANT CONNECT ON DATABASE $SERVICE TO $SERVICE; GRANT USAGE ON SCHEMA public TO $SERVICE;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO $SERVICE;
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO $SERVICE" "$SERVICE" || return 0
        sleep 2 # something long is being read, a backup for instance
    done
    stop "The tables could not be given to $OWNER: something reads them without end. Run this again when it has ended."
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
