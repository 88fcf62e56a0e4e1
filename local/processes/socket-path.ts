/** Linux allows 107 (https://man7.org/linux/man-pages/man7/unix.7.html), macOS 103. */
const LONGEST_PATH_BYTES = 103;

/** @throws Error with the remedy if a path is too long for a Unix socket. */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_PATH_BYTES) return;
  throw new Error(
    `The path of the Unix socket ${path} must have at most ${LONGEST_PATH_BYTES} bytes, got ${bytes}. Use a folder with a shorter path.`,
  );
}
