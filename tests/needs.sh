#!/usr/bin/env bash
# Names what the tests need from Debian; with --install (or as root in CI) installs it.
set -euo pipefail
declare -A needs=(
  [java]=openjdk-17-jdk-headless [chromium]=chromium [mvn]=maven [make]=make [ip]=iproute2
  [krb5kdc]=krb5-kdc [kadmin.local]=krb5-admin-server
  [initdb]=postgresql [mariadbd]=mariadb-server [slapd]=slapd [nginx]=nginx
)
# Tests of broken disks make file systems of their own, which only root can mount.
[ "$(id -u)" -eq 0 ] && needs[mkfs.ext4]=e2fsprogs
PATH=$PATH:/usr/sbin:/sbin:$(echo /usr/lib/postgresql/*/bin | tr " " :)
missing=()
for command in "${!needs[@]}"; do
  command -v "$command" >/dev/null || missing+=("${needs[$command]}")
done
"${PYTHON:-python3}" -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
[ "${#missing[@]}" -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ]; then
  echo "installing from Debian: ${missing[*]}"
  apt-get update -qq
  # Tests start servers of their own: Debian's would only take the port.
  echo "slapd slapd/no_configuration boolean true" | debconf-set-selections
  # Nor shall any other server that comes with a package be started now.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-dejavu-core >/dev/null
else
  echo "the tests need these Debian packages: ${missing[*]}" >&2
  echo "  sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
