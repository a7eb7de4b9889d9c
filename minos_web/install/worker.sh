# Installs the worker of Minos on this host, or brings it up to date, and starts it. What stands above is this console's.
# Nothing is changed before all checks have passed; a second run changes only what differs. POSIX shell.

usage() {
    cat <<'END'
usage: sh minos-worker.sh [options]
  --token TEXT      join token of the console: with it nobody needs to approve this host
  --name NAME       name of this host (default: its host name)
  --address ADDR    address by which cluster files know it (default: the one that reaches the console)
  --root DIR        everything of the worker lives below it (default: /home/work/minos)
  --data-dirs DIRS  data directories, separated by blanks (default: <root>/data)
  --java-home DIR   the JDK of the services (default: JAVA_HOME, else java on the PATH)
  --user USER       the worker and its tasks run as this user (default: minos for root, else you); made if missing
  --python PROGRAM  Python 3.11 or newer (default: python3)
  --no-service      do not touch systemd; say how to start it instead
END
}

fail() {
    printf 'minos: %s\n' "$1" >&2
    exit 1
}

say() {
    printf 'minos: %s\n' "$1"
}

token='' name='' address='' root=/home/work/minos data_dirs='' java_home='' user='' python=python3 service=yes
while [ $# -gt 0 ]; do
    case $1 in
        --token | --name | --address | --root | --data-dirs | --java-home | --user | --python)
            [ $# -ge 2 ] || fail "$1 wants a value"
            case $1 in
                --token) token=$2 ;;
                --name) name=$2 ;;
                --address) address=$2 ;;
                --root) root=$2 ;;
                --data-dirs) data_dirs=$2 ;;
                --java-home) java_home=$2 ;;
                --user) user=$2 ;;
                --python) python=$2 ;;
            esac
            shift 2
            ;;
        --no-service)
            service=no
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            fail "unknown option $1"
            ;;
    esac
done

# ---- checks -----------------------------------------------------------------------------------------------------
me=$(id -un)
if [ "$(id -u)" = 0 ]; then
    user=${user:-minos}
else
    user=${user:-$me}
    [ "$user" = "$me" ] || fail "only root can install for another user ($user): use sudo, or leave --user out"
fi
case $root in
    /*) ;;
    *) fail "--root must be an absolute path, not $root" ;;
esac
for value in "$token" "$name" "$address" "$root" "$data_dirs" "$java_home"; do
    case $value in
        *'
'*) fail "no option may hold a line break" ;;
    esac
done
command -v "$python" >/dev/null 2>&1 || fail "there is no $python: install Python 3.11 or newer (Debian: apt install python3 python3-venv)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python is $("$python" -V 2>&1): 3.11 or newer is needed; name another with --python"
"$python" -c 'import venv, ensurepip' 2>/dev/null || fail "$python cannot make virtual environments (Debian: apt install python3-venv)"
if [ "$service" = yes ] && { [ "$(id -u)" != 0 ] || [ ! -d /run/systemd/system ]; }; then
    service=no
fi

# ---- fetch ------------------------------------------------------------------------------------------------------
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
say "fetching from $MINOS_URL"
printf '%s' "$MINOS_WHEELS" | "$python" -c '
import hashlib, pathlib, sys, urllib.request

folder, url = pathlib.Path(sys.argv[1]), sys.argv[2]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for line in sys.stdin.read().split("\n"):
    if line:
        digest, name = line.split()
        data = opener.open(f"{url}/install/wheels/{name}", timeout=60).read()
        if hashlib.sha256(data).hexdigest() != digest:
            sys.exit(f"minos: {name} is not what the install line announced: take a new line from the console")
        (folder / name).write_bytes(data)
' "$folder" "$MINOS_URL" || fail "not everything could be fetched from $MINOS_URL: nothing was changed"

# ---- install ----------------------------------------------------------------------------------------------------
if [ "$(id -u)" = 0 ] && ! id "$user" >/dev/null 2>&1; then
    say "making the user $user"
    useradd --system --create-home --home-dir "/home/$user" --shell /usr/sbin/nologin "$user"
fi
umask 022
mkdir -p "$root"
environment=$root/environment
[ -x "$environment/bin/python" ] || "$python" -m venv "$environment"
pip="$environment/bin/python -m pip install --quiet --disable-pip-version-check --upgrade"
if ! $pip --no-index --find-links "$folder" "minos-worker==$MINOS_VERSION" 2>"$folder/why"; then
    # Another Python or machine than the console's: its libraries do not fit, so the usual index is asked for them.
    say "the console's libraries do not fit this Python; asking the package index"
    $pip --find-links "$folder" "minos-worker==$MINOS_VERSION" || { cat "$folder/why" >&2; fail "the libraries cannot be installed"; }
fi
# The same version may have changed under a developer's console.
$pip --no-index --find-links "$folder" --force-reinstall --no-deps "minos-worker==$MINOS_VERSION"

ini=$root/worker.ini
umask 077
# What this line sets is set; what somebody added or changed by hand otherwise stays.
"$python" -c '
import pathlib, re, sys

path, given = pathlib.Path(sys.argv[1]), sys.argv[2:]
settings = {key: value for key, value in zip(given[::2], given[1::2]) if value}
lines = path.read_text().splitlines() if path.exists() else ["[worker]"]
kept = [line for line in lines if not re.match(r"\s*(%s)\s*[=:]" % "|".join(settings), line)]
at = kept.index("[worker]") + 1
new = kept[:at] + [f"{key} = {value}" for key, value in settings.items()] + kept[at:]
path.with_name("worker.ini.new").write_text("\n".join(new) + "\n")
' "$ini" console "$MINOS_WIRE" console_key "$MINOS_KEY" root "$root" name "$name" address "$address" \
    data_dirs "$data_dirs" java_home "$java_home" join_token "$token" || fail "$ini has no section [worker]: mend it or move it away"
if [ -f "$ini" ] && ! cmp -s "$ini" "$ini.new"; then
    cp -p "$ini" "$ini.old"
    say "the old $ini is kept as $ini.old"
fi
mv "$ini.new" "$ini"
# Only what is the worker's own: services' data below the root keep their owners.
if [ "$(id -u)" = 0 ]; then
    chown "$user:" "$root" "$ini"
    mkdir -p "$root/worker"
    chown -R "$user:" "$root/worker"
fi
command="$environment/bin/minos-worker $ini"

# ---- start ------------------------------------------------------------------------------------------------------
if [ "$service" = yes ]; then
    cat >/etc/systemd/system/minos-worker.service <<END
[Unit]
Description=Minos worker
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=$user
ExecStart=$command
Restart=always
RestartSec=1
# Only the worker itself is ended or restarted: what it supervises runs on.
KillMode=process
OOMPolicy=continue
Delegate=yes
TasksMax=infinity
LimitNOFILE=1048576
LimitCORE=infinity
TimeoutStopSec=10

[Install]
WantedBy=multi-user.target
END
    systemctl daemon-reload
    systemctl enable --quiet minos-worker.service
    systemctl restart minos-worker.service
    say "the worker runs as the service minos-worker"
else
    say "no systemd here; start it yourself, and see to it that it is started after a boot: $command"
fi
if [ "$(id -u)" = 0 ] && [ "$user" != root ]; then
    runuser -u "$user" -- "$environment/bin/minos-worker" "$ini" --fingerprint | sed 's/^/minos: key /'
else
    "$environment/bin/minos-worker" "$ini" --fingerprint | sed 's/^/minos: key /'
fi
command -v java >/dev/null 2>&1 || [ -n "$java_home" ] || [ -n "${JAVA_HOME:-}" ] || say "no java was found: services on the JVM need one (--java-home)"
say "done: look for this host on $MINOS_URL/hosts"
