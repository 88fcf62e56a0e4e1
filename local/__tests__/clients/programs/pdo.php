<?php
require __DIR__ . '/checks.php';

function connect(array $login = []): PDO
{
    $host = $login['host'] ?? getenv('DB_HOST');
    return new PDO(
        "mysql:host=$host;port=" . getenv('DB_PORT') . ';dbname=app;charset=utf8mb4',
        getenv('DB_USER'),
        $login['secret'] ?? getenv('DB_SECRET'),
        [
            PDO::MYSQL_ATTR_SSL_CA => getenv('DB_CA'),
            PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,
            PDO::MYSQL_ATTR_COMPRESS => $login['compress'] ?? false,
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            // Makes the server prepare statements; by default PDO inserts the values itself.
            PDO::ATTR_EMULATE_PREPARES => false,
        ],
    );
}

function execute(PDO $db, string $statement, array $values = []): PDOStatement
{
    $prepared = $db->prepare($statement);
    $prepared->execute($values);
    return $prepared;
}

function firstRow(PDO $db, string $statement, array $values = []): array
{
    return execute($db, $statement, $values)->fetch(PDO::FETCH_NUM);
}

$owner = getenv('DB_OWNER');
$count = 'SELECT COUNT(*) FROM notes WHERE owner = ?';
$insert = 'INSERT INTO notes VALUES (?, ?)';

runChecks(PHP_VERSION, [
    ...commonChecks(),
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
        execute($db, $insert, [$owner, 'rolled back']);
        $db->rollBack();
        $before = firstRow($db, $count, [$owner])[0];
        $db->beginTransaction();
        execute($db, $insert, [$owner, 'committed']);
        $db->commit();
        return $before . ' ' . firstRow(connect(), $count, [$owner])[0];
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
]);
