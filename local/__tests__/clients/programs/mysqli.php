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
    $flags = MYSQLI_CLIENT_SSL | (isset($login['compress']) ? MYSQLI_CLIENT_COMPRESS : 0);
    $db->real_connect($host, getenv('DB_USER'), $secret, 'app', (int) getenv('DB_PORT'), null, $flags);
    $db->set_charset('utf8mb4');
    return $db;
}

function execute(mysqli $db, string $statement, array $values = []): mysqli_result|bool
{
    return $db->execute_query($statement, $values);
}

function firstRow(mysqli $db, string $statement, array $values = []): array
{
    return execute($db, $statement, $values)->fetch_row();
}

$owner = getenv('DB_OWNER');
$count = 'SELECT COUNT(*) FROM notes WHERE owner = ?';
$insert = 'INSERT INTO notes VALUES (?, ?)';

runChecks(PHP_VERSION, [
    ...commonChecks(),
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
        execute($db, $insert, [$owner, 'rolled back']);
        $db->rollback();
        $before = firstRow($db, $count, [$owner])[0];
        $db->begin_transaction();
        execute($db, $insert, [$owner, 'committed']);
        $db->commit();
        return $before . ' ' . firstRow(connect(), $count, [$owner])[0];
    },
    'cancel' => function () {
        $db = connect();
        $db->query(getenv('DB_SLOW_STATEMENT'), MYSQLI_ASYNC);
        sleep(1);
        // Another connection kills the statement. thread_id is the connection id from the server's greeting.
        connect()->query('KILL QUERY ' . $db->thread_id);
        return implode(' ', $db->reap_async_query()->fetch_row());
    },
]);
