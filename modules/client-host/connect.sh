#!/bin/bash
# Opens the mysql client on the database as USER. The login is by IAM, with the permissions of this host's role.
set -euo pipefail

HOST='@HOST@'
PORT='@PORT@'
REGION='@REGION@'
DATABASE='@DATABASE@'
CA=/etc/login-matrix/rds.pem

usage() {
  echo "connect USER [-- OPTIONS OF mysql]"
  echo "Logs in to $DATABASE at $HOST with a token that lasts 15 minutes."
  echo "USER is one of database.users.clients in the settings. This host may log in as no other user."
}

case "${1-}" in
  -h | --help) usage; exit 0 ;;
  '' | -*) usage >&2; exit 2 ;;
esac
user=$1
shift
[ "${1-}" = -- ] && shift

command -v mysql > /dev/null || {
  echo 'connect: the mysql client is not installed. /var/log/cloud-init-output.log says why. Install it with: sudo dnf install -y mariadb105' >&2
  exit 3
}

token=$(aws rds generate-db-auth-token --hostname "$HOST" --port "$PORT" --username "$user" --region "$REGION")

# The clients of MariaDB and MySQL verify the server with different options. The client of MySQL sends a token only if an option allows it.
if mysql --version | grep -qi mariadb; then
  options=(--ssl-ca="$CA" --ssl-verify-server-cert)
else
  options=(--ssl-ca="$CA" --ssl-mode=VERIFY_IDENTITY --enable-cleartext-plugin)
fi

# SECURITY: the token is not on the command line, which every user of this host can read.
export MYSQL_PWD=$token
exec mysql --host="$HOST" --port="$PORT" --user="$user" "${options[@]}" "$@" "$DATABASE"
