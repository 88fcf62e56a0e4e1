<?php
require __DIR__ . '/checks.php';

function connect(array $how = []): PDO
{
    $host = $how['host'] ?? getenv('DB_HOST');
    return new PDO(
        "mysql:host=$host;port=" . getenv('DB_PORT') . ';dbname=app;charset=utf8mb4',
        getenv('DB_USER'),
        $how['secret'] ?? getenv('DB_SECRET'),
        ($how['options'] ?? []) + [
            PDO::MYSQL_ATTR_SSL_CA => getenv('DB_CA'),
            PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            // Prepared by the server, not by PDO.
            PDO::ATTR_EMULATE_PREPARES => false,
        ],
    );
}

function one(PDO $db, string $statement, array $values = []): array
{
    $prepared = $db->prepare($statement);
    $prepared->execute($values);
    return $prepared->fetch(PDO::FETCH_NUM);
}

$owner = getenv('DB_OWNER');
$count = 'SELECT COUNT(*) FROM notes WHERE owner = ?';
$insert = 'INSERT INTO notes VALUES (?, ?)';

run(PHP_VERSION, [
    'login' => fn() => one(connect(), 'SELECT CURRENT_USER()')[0],
    'wrongSecret' => fn() => one(connect(['secret' => getenv('DB_WRONG_SECRET')]), 'SELECT CURRENT_USER()')[0],
    'wrongName' => fn() => one(connect(['host' => getenv('DB_OTHER_HOST')]), 'SELECT CURRENT_USER()')[0],
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
        $before = one($db, $count, [$owner])[0];
        $db->beginTransaction();
        $db->prepare($insert)->execute([$owner, 'committed']);
        $db->commit();
        return $before . ' ' . one(connect(), $count, [$owner])[0];
    },
    'bigValue' => function () use ($owner) {
        $db = connect();
        $db->prepare('INSERT INTO files VALUES (?, ?)')->execute([$owner, bigValue()]);
        return hash('sha256', one($db, 'SELECT body FROM files WHERE owner = ?', [$owner])[0]);
    },
    'text' => function () use ($owner) {
        $db = connect();
        $db->prepare('INSERT INTO texts VALUES (?, ?)')->execute([$owner, getenv('DB_TEXT')]);
        return implode(' ', one($db, 'SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ?', [$owner]));
    },
    'cancel' => function () {
        // It waits for its answer: another process kills the statement. Each has connections of its own.
        $db = connect();
        $id = one($db, 'SELECT CONNECTION_ID()')[0];
        $child = pcntl_fork();
        if ($child === 0) {
            sleep(1);
            connect()->exec("KILL QUERY $id");
            posix_kill(getmypid(), SIGKILL); // The parent's connection must not be closed by this process.
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
        // It has no reconnect: a program connects again after the error.
        $db = connect();
        one($db, 'SELECT 1');
        idle();
        try {
            return one($db, 'SELECT CURRENT_USER()')[0];
        } catch (Throwable) {
            return one(connect(), 'SELECT CURRENT_USER()')[0];
        }
    },
]);
