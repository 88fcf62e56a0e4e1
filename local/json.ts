/** Parses JSON. Returns any other text as it is, so that the caller can reject it with a message of its own. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
