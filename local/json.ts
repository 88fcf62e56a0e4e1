/** Parses JSON; returns text that is not JSON unchanged, so that the caller can reject it with its own message. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
