/** Maximum number of rows of a page if the caller sets no limit. */
export const DEFAULT_LIMIT = 100;

/** Largest limit that a caller can set. */
export const MAX_LIMIT = 1000;
