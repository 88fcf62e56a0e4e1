#!/bin/bash
# Runs once, when the client host starts for the first time.
set -euo pipefail

# Written before the installation: if that fails, `connect` exists and says what is missing.
install -d -m 0755 /etc/login-matrix
cat > /etc/login-matrix/rds.pem <<'PEM'
@CA_BUNDLE@
PEM
cat > /usr/local/bin/connect <<'CONNECT'
@CONNECT@
CONNECT
chmod 0755 /usr/local/bin/connect

install_client() {
  # Amazon Linux has MariaDB's client, which speaks MySQL's protocol and sends tokens in clear text over TLS.
  dnf install -y mariadb1011-client-utils || dnf install -y mariadb105
}

# At boot the package repository may still be unreachable although the network is up.
for attempt in 1 2 3 4 5; do
  install_client && break
  [ "$attempt" -lt 5 ] || { echo 'The mysql client could not be installed' >&2; exit 1; }
  sleep 15
done
