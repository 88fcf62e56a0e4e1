/** Values of `$context`, by the name that stands behind the dot, for example `identity.sourceIp`. */
export type Context = Record<string, string | undefined>;

const VARIABLE = /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g;

/** Fills in a template of a gateway response. A variable that has no value stays as it stands, as in Velocity. */
export function renderTemplate(template: string, context: Context): string {
  return template.replace(VARIABLE, (variable, name: string) => context[name] ?? variable);
}

/**
 * Fills in the format of an access log. Quotation marks and line breaks of a caller are escaped, so that a line stays
 * one line and one JSON value.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function renderLogLine(format: string, context: Context): string {
  return format.replace(VARIABLE, (_variable, name: string) => JSON.stringify(context[name] ?? '-').slice(1, -1));
}
