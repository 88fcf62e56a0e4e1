#!/bin/bash
# Runs once, when the client host starts for the first time.
set -euo pipefail

# Before anything is installed: whatever becomes of that, `connect` is there and tells what it lacks.
install -d -m 0755 /etc/login-matrix
cat > /etc/login-matrix/rds.pem <<'PEM'
@CA_BUNDLE@
PEM
cat > /usr/local/bin/connect <<'CONNECT'
@CONNECT@
CONNECT
chmod 0755 /usr/local/bin/connect

install_client() {
  # Amazon Linux carries MariaDB's client; it speaks MySQL's protocol and sends a token as it is.
  dnf install -y mariadb1011-client-utils || dnf install -y mariadb105
}

# The network is up before the way to the package repository always is.
for attempt in 1 2 3 4 5; do
  install_client && break
  [ "$attempt" -lt 5 ] || { echo 'The mysql client could not be installed' >&2; exit 1; }
  sleep 15
done
