<?php
/** What the programs of PHP share. What they print is described in ../line.ts. */

function say(array $line): void
{
    echo json_encode($line, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}

/** Returns once the server has closed the connections that are open. */
function idle(): void
{
    say(['idle' => true]);
    fgets(STDIN);
}

/** 20 MiB with every value of a byte in it. */
function bigValue(): string
{
    return str_repeat(implode('', array_map('chr', range(0, 255))), 20 * 2 ** 20 / 256);
}

/** Runs the checks one after the other. A check returns what it saw; a text in its place says what the client lacks. */
function run(string $version, array $checks): void
{
    say(['version' => $version]);
    foreach ($checks as $check => $work) {
        try {
            say(['check' => $check] + (is_string($work) ? ['lacks' => $work] : ['seen' => (string) $work()]));
        } catch (Throwable $error) {
            say(['check' => $check, 'error' => $error->getCode() . ' ' . $error->getMessage()]);
        }
    }
}

// A warning of TLS names the certificate; without this the exception that follows says only that TLS failed.
set_error_handler(function (int $_level, string $message): bool {
    throw new RuntimeException($message);
}, E_WARNING);
