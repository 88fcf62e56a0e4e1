<?php
/** What the PHP programs share. `../output-line.ts` describes their output. */

function printLine(array $line): void
{
    echo json_encode($line, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}

/** Tells the suite that the program is idle, and waits until the server has closed the idle connections. */
function waitForIdleClose(): void
{
    printLine(['idle' => true]);
    fgets(STDIN);
}

/** 20 MiB, so that MySQL needs two packets. They contain every byte value. */
function bigValue(): string
{
    return str_repeat(implode('', array_map('chr', range(0, 255))), 20 * 2 ** 20 / 256);
}

/**
 * The checks that mysqli and PDO share. Each program defines the functions that they call: `connect` opens a connection, `execute`
 * runs a statement, and `firstRow` runs a query and returns its first row.
 */
function commonChecks(): array
{
    $owner = getenv('DB_OWNER');
    return [
        'login' => fn() => firstRow(connect(), 'SELECT CURRENT_USER()')[0],
        'wrongSecret' => fn() => firstRow(connect(['secret' => getenv('DB_WRONG_SECRET')]), 'SELECT CURRENT_USER()')[0],
        'wrongServerName' => fn() => firstRow(connect(['host' => getenv('DB_OTHER_HOST')]), 'SELECT CURRENT_USER()')[0],
        'bigValue' => function () use ($owner) {
            $db = connect();
            execute($db, 'INSERT INTO files VALUES (?, ?)', [$owner, bigValue()]);
            return hash('sha256', firstRow($db, 'SELECT body FROM files WHERE owner = ?', [$owner])[0]);
        },
        'text' => function () use ($owner) {
            $db = connect();
            execute($db, 'INSERT INTO texts VALUES (?, ?)', [$owner, getenv('DB_TEXT')]);
            return implode(' ', firstRow($db, 'SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ?', [$owner]));
        },
        'compression' => function () {
            $db = connect(['compress' => true]);
            $body = str_repeat('compressible ', 80000);
            $back = firstRow($db, "SELECT '$body'")[0];
            $status = firstRow($db, "SHOW SESSION STATUS LIKE 'Compression'")[1];
            return $back === $body ? $status : 'another value came back';
        },
        'reconnect' => function () {
            // PDO has no reconnect, and mysqli has none since PHP 8.2: a program connects again after the error.
            $db = connect();
            firstRow($db, 'SELECT 1');
            waitForIdleClose();
            try {
                return firstRow($db, 'SELECT CURRENT_USER()')[0];
            } catch (Throwable) {
                return firstRow(connect(), 'SELECT CURRENT_USER()')[0];
            }
        },
    ];
}

/** Runs the checks one after the other. A check is a function that returns its result. */
function runChecks(string $version, array $checks): void
{
    printLine(['version' => $version]);
    foreach ($checks as $check => $work) {
        try {
            printLine(['check' => $check, 'seen' => (string) $work()]);
        } catch (Throwable $error) {
            printLine(['check' => $check, 'error' => $error->getCode() . ' ' . $error->getMessage()]);
        }
    }
}

// Turns warnings into exceptions. When a TLS handshake fails, PHP's warning names the certificate; the exception that follows the
// warning says only that TLS failed.
set_error_handler(function (int $_level, string $message): bool {
    throw new RuntimeException($message);
}, E_WARNING);
