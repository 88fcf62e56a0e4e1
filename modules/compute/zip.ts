import { zipSync, type Zippable } from 'fflate';

/** The earliest time that a zip can hold. Zips contain local times, so this local date gives the same bytes in every time zone. */
const NO_TIME = new Date(1980, 0, 1);

const UNIX = 3;
const REGULAR_FILE_READABLE_BY_ALL = 0o100644 << 16;

/** Packs files, which are given by their path in the zip. The same files always give the same bytes, on every machine. */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sorted: Zippable = {};
  for (const path of Object.keys(files).sort()) sorted[path] = files[path] ?? new Uint8Array();
  return zipSync(sorted, { mtime: NO_TIME, os: UNIX, attrs: REGULAR_FILE_READABLE_BY_ALL });
}
