/** Values of the variables of `$context`, by their names without `$context.`, for example `identity.sourceIp`. */
export type ContextVariables = Record<string, string | undefined>;

const VARIABLE = /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g;

/** The only variable whose value is already a JSON string, quotation marks included, so it is not escaped again. */
const QUOTED = 'error.messageString';

/** Fills in a template of a gateway response. As in Velocity, a variable without a value stays unchanged. */
export function renderTemplate(template: string, context: ContextVariables): string {
  return template.replace(VARIABLE, (variable, name: string) => context[name] ?? variable);
}

/**
 * Fills in the format of an access log. It escapes each value as in a JSON string. A caller's value therefore cannot end the line or
 * the JSON string that contains it.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function renderLogLine(format: string, context: ContextVariables): string {
  return format.replace(VARIABLE, (_variable, name: string) => {
    const value = context[name] ?? '-';
    return name === QUOTED ? value : JSON.stringify(value).slice(1, -1);
  });
}
