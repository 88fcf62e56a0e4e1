<?php
require __DIR__ . '/checks.php';
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

function connect(array $login = []): mysqli
{
    $db = mysqli_init();
    $db->ssl_set(null, null, getenv('DB_CA'), null, null);
    $db->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, true);
    $host = $login['host'] ?? getenv('DB_HOST');
    $secret = $login['secret'] ?? getenv('DB_SECRET');
    $flags = MYSQLI_CLIENT_SSL | ($login['flags'] ?? 0);
    $db->real_connect($host, getenv('DB_USER'), $secret, 'app', (int) getenv('DB_PORT'), null, $flags);
    $db->set_charset('utf8mb4');
    return $db;
}

function firstRow(mysqli $db, string $statement, array $values = []): array
{
    return $db->execute_query($statement, $values)->fetch_row();
}

$owner = getenv('DB_OWNER');
$count = 'SELECT COUNT(*) FROM notes WHERE owner = ?';
$insert = 'INSERT INTO notes VALUES (?, ?)';

runChecks(PHP_VERSION, [
    'login' => fn() => firstRow(connect(), 'SELECT CURRENT_USER()')[0],
    'wrongSecret' => fn() => firstRow(connect(['secret' => getenv('DB_WRONG_SECRET')]), 'SELECT CURRENT_USER()')[0],
    'wrongName' => fn() => firstRow(connect(['host' => getenv('DB_OTHER_HOST')]), 'SELECT CURRENT_USER()')[0],
    'prepared' => function () {
        $db = connect();
        $statement = $db->prepare('SELECT ? + 1, ?, ? IS NULL');
        $rows = [];
        foreach ([[41, "it's", null], [42, 'we’re', null]] as $values) {
            $statement->bind_param('iss', ...$values);
            $statement->execute();
            $rows[] = implode(' ', $statement->get_result()->fetch_row());
        }
        return implode(', ', $rows);
    },
    'transaction' => function () use ($owner, $count, $insert) {
        $db = connect();
        $db->begin_transaction();
        $db->execute_query($insert, [$owner, 'rolled back']);
        $db->rollback();
        $before = firstRow($db, $count, [$owner])[0];
        $db->begin_transaction();
        $db->execute_query($insert, [$owner, 'committed']);
        $db->commit();
        return $before . ' ' . firstRow(connect(), $count, [$owner])[0];
    },
    'bigValue' => function () use ($owner) {
        $db = connect();
        $db->execute_query('INSERT INTO files VALUES (?, ?)', [$owner, bigValue()]);
        return hash('sha256', firstRow($db, 'SELECT body FROM files WHERE owner = ?', [$owner])[0]);
    },
    'text' => function () use ($owner) {
        $db = connect();
        $db->execute_query('INSERT INTO texts VALUES (?, ?)', [$owner, getenv('DB_TEXT')]);
        return implode(' ', firstRow($db, 'SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ?', [$owner]));
    },
    'cancel' => function () {
        // Another connection kills the statement by the connection id in the greeting.
        $db = connect();
        $db->query(getenv('DB_SLOW_STATEMENT'), MYSQLI_ASYNC);
        sleep(1);
        connect()->query('KILL QUERY ' . $db->thread_id);
        return implode(' ', $db->reap_async_query()->fetch_row());
    },
    'compression' => function () {
        $db = connect(['flags' => MYSQLI_CLIENT_COMPRESS]);
        $body = str_repeat('compressible ', 80000);
        $back = $db->query("SELECT '$body'")->fetch_row()[0];
        $status = $db->query("SHOW SESSION STATUS LIKE 'Compression'")->fetch_row()[1];
        return $back === $body ? $status : 'another value came back';
    },
    'reconnect' => function () {
        // mysqli has no reconnect since PHP 8.2: a program connects again after the error.
        $db = connect();
        firstRow($db, 'SELECT 1');
        waitForIdleClose();
        try {
            return firstRow($db, 'SELECT CURRENT_USER()')[0];
        } catch (Throwable) {
            return firstRow(connect(), 'SELECT CURRENT_USER()')[0];
        }
    },
]);
