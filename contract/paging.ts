/** Rows in a page of a list where the caller does not say how many. */
export const DEFAULT_LIMIT = 100;

/** Rows in a page of a list at most. */
export const MAX_LIMIT = 1000;
