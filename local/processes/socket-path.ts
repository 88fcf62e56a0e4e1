/** Longest path of a Unix socket in bytes: Linux holds 107 (https://man7.org/linux/man-pages/man7/unix.7.html), macOS 103. */
export const LONGEST_SOCKET_PATH = 103;
