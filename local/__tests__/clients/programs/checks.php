<?php
/** What the PHP programs share. `../output-line.ts` describes their output. */

function printLine(array $line): void
{
    echo json_encode($line, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}

/** Waits until the suite has closed the open connections. */
function waitForIdleClose(): void
{
    printLine(['idle' => true]);
    fgets(STDIN);
}

/** 20 MiB that contain every byte value. */
function bigValue(): string
{
    return str_repeat(implode('', array_map('chr', range(0, 255))), 20 * 2 ** 20 / 256);
}

/** Runs the checks one after the other. A check is a function that returns its result, or the reason why the client lacks it. */
function runChecks(string $version, array $checks): void
{
    printLine(['version' => $version]);
    foreach ($checks as $check => $work) {
        try {
            printLine(['check' => $check] + (is_string($work) ? ['lacks' => $work] : ['seen' => (string) $work()]));
        } catch (Throwable $error) {
            printLine(['check' => $check, 'error' => $error->getCode() . ' ' . $error->getMessage()]);
        }
    }
}

// Throws the warning of a failed TLS handshake, which names the certificate. The later exception says only that TLS failed.
set_error_handler(function (int $_level, string $message): bool {
    throw new RuntimeException($message);
}, E_WARNING);
