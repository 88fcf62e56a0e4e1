"""Checks PyMySQL. `../output-line.ts` describes the output of this program."""
import hashlib
import json
import os
import sys
import threading

import pymysql

env = os.environ


def connect(host=env["DB_HOST"], secret=env["DB_SECRET"], **options):
    # PyMySQL sends a token in clear text if the server requests clear text; no option is needed. With `ssl`, PyMySQL
    # verifies the certificate and the name before it sends a password or token. If the server offers no TLS, PyMySQL
    # connects without TLS.
    return pymysql.connect(
        host=host,
        port=int(env["DB_PORT"]),
        user=env["DB_USER"],
        password=secret,
        database="app",
        charset="utf8mb4",
        ssl={"ca": env["DB_CA"], "check_hostname": True},
        connect_timeout=10,
        max_allowed_packet=64 * 2**20,
        **options,
    )


def execute(connection, statement, values=()):
    """Executes a statement and returns its first row, if it has one."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def print_line(**line):
    print(json.dumps(line), flush=True)


def current_user(**login):
    with connect(**login) as connection:
        return execute(connection, "SELECT CURRENT_USER()")[0]


OWNER = env["DB_OWNER"]


def transaction():
    count = "SELECT COUNT(*) FROM notes WHERE owner = %s"
    insert = "INSERT INTO notes VALUES (%s, %s)"
    with connect() as connection, connect() as other:
        execute(connection, insert, (OWNER, "rolled back"))
        connection.rollback()
        before = execute(connection, count, (OWNER,))[0]
        execute(connection, insert, (OWNER, "committed"))
        connection.commit()
        return f"{before} {execute(other, count, (OWNER,))[0]}"


def big_value():
    with connect(autocommit=True) as connection:
        value = bytes(range(256)) * (20 * 2**20 // 256)
        execute(connection, "INSERT INTO files VALUES (%s, _binary %s)", (OWNER, value))
        (back,) = execute(connection, "SELECT body FROM files WHERE owner = %s", (OWNER,))
        return hashlib.sha256(back).hexdigest()


def text():
    with connect(autocommit=True) as connection:
        execute(connection, "INSERT INTO texts VALUES (%s, %s)", (OWNER, env["DB_TEXT"]))
        body, length = execute(connection, "SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = %s", (OWNER,))
        return f"{body} {length}"


def cancel():
    """PyMySQL cannot cancel a statement, so another connection kills it. The id for KILL QUERY is from the first connection's greeting."""
    with connect() as connection, connect() as other:
        threading.Timer(1, lambda: execute(other, f"KILL QUERY {connection.thread_id()}")).start()
        return execute(connection, env["DB_SLOW_STATEMENT"])


def reconnect():
    with connect() as connection:
        execute(connection, "SELECT 1")
        print_line(idle=True)
        sys.stdin.readline()
        connection.ping(reconnect=True)
        return execute(connection, "SELECT CURRENT_USER()")[0]


CHECKS = {
    "login": current_user,
    "wrongSecret": lambda: current_user(secret=env["DB_WRONG_SECRET"]),
    "wrongServerName": lambda: current_user(host=env["DB_OTHER_HOST"]),
    "prepared": "PyMySQL writes values into the statement",
    "transaction": transaction,
    "bigValue": big_value,
    "text": text,
    "cancel": cancel,
    "compression": "PyMySQL does not implement it",
    "reconnect": reconnect,
}

print_line(version=pymysql.__version__)
for check, work in CHECKS.items():
    try:
        print_line(check=check, **({"unsupportedReason": work} if isinstance(work, str) else {"seen": str(work())}))
    except Exception as error:  # Every error is a result.
        print_line(check=check, error=f"{type(error).__name__} {error}")
