<?php
require __DIR__ . '/checks.php';

function connect(array $login = []): PDO
{
    $host = $login['host'] ?? getenv('DB_HOST');
    return new PDO(
        "mysql:host=$host;port=" . getenv('DB_PORT') . ';dbname=app;charset=utf8mb4',
        getenv('DB_USER'),
        $login['secret'] ?? getenv('DB_SECRET'),
        ($login['options'] ?? []) + [
            PDO::MYSQL_ATTR_SSL_CA => getenv('DB_CA'),
            PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            // The server prepares statements, not PDO.
            PDO::ATTR_EMULATE_PREPARES => false,
        ],
    );
}

function firstRow(PDO $db, string $statement, array $values = []): array
{
    $prepared = $db->prepare($statement);
    $prepared->execute($values);
    return $prepared->fetch(PDO::FETCH_NUM);
}

$owner = getenv('DB_OWNER');
$count = 'SELECT COUNT(*) FROM notes WHERE owner = ?';
$insert = 'INSERT INTO notes VALUES (?, ?)';

runChecks(PHP_VERSION, [
    'login' => fn() => firstRow(connect(), 'SELECT CURRENT_USER()')[0],
    'wrongSecret' => fn() => firstRow(connect(['secret' => getenv('DB_WRONG_SECRET')]), 'SELECT CURRENT_USER()')[0],
    'wrongName' => fn() => firstRow(connect(['host' => getenv('DB_OTHER_HOST')]), 'SELECT CURRENT_USER()')[0],
    'prepared' => function () {
        $statement = connect()->prepare('SELECT ? + 1, ?, ? IS NULL');
        $rows = [];
        foreach ([[41, "it's"], [42, 'we’re']] as [$number, $text]) {
            $statement->bindValue(1, $number, PDO::PARAM_INT);
            $statement->bindValue(2, $text);
            $statement->bindValue(3, null, PDO::PARAM_NULL);
            $statement->execute();
            $rows[] = implode(' ', $statement->fetch(PDO::FETCH_NUM));
        }
        return implode(', ', $rows);
    },
    'transaction' => function () use ($owner, $count, $insert) {
        $db = connect();
        $db->beginTransaction();
        $db->prepare($insert)->execute([$owner, 'rolled back']);
        $db->rollBack();
        $before = firstRow($db, $count, [$owner])[0];
        $db->beginTransaction();
        $db->prepare($insert)->execute([$owner, 'committed']);
        $db->commit();
        return $before . ' ' . firstRow(connect(), $count, [$owner])[0];
    },
    'bigValue' => function () use ($owner) {
        $db = connect();
        $db->prepare('INSERT INTO files VALUES (?, ?)')->execute([$owner, bigValue()]);
        return hash('sha256', firstRow($db, 'SELECT body FROM files WHERE owner = ?', [$owner])[0]);
    },
    'text' => function () use ($owner) {
        $db = connect();
        $db->prepare('INSERT INTO texts VALUES (?, ?)')->execute([$owner, getenv('DB_TEXT')]);
        return implode(' ', firstRow($db, 'SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ?', [$owner]));
    },
    'cancel' => function () {
        // PDO blocks until the answer, so a child process with its own connection kills the statement.
        $db = connect();
        $id = firstRow($db, 'SELECT CONNECTION_ID()')[0];
        $child = pcntl_fork();
        if ($child === 0) {
            sleep(1);
            connect()->exec("KILL QUERY $id");
            posix_kill(getmypid(), SIGKILL); // A normal exit would close the parent's connection.
        }
        try {
            return implode(' ', $db->query(getenv('DB_SLOW_STATEMENT'))->fetch(PDO::FETCH_NUM));
        } finally {
            pcntl_waitpid($child, $status);
        }
    },
    'compression' => function () {
        $db = connect(['options' => [PDO::MYSQL_ATTR_COMPRESS => true]]);
        $body = str_repeat('compressible ', 80000);
        $back = $db->query("SELECT '$body'")->fetch(PDO::FETCH_NUM)[0];
        $status = $db->query("SHOW SESSION STATUS LIKE 'Compression'")->fetch(PDO::FETCH_NUM)[1];
        return $back === $body ? $status : 'another value came back';
    },
    'reconnect' => function () {
        // PDO has no reconnect: a program connects again after the error.
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
