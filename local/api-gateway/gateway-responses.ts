import { headerOf, type Header, type HttpResponse } from '../http/headers';
import { Unsupported } from '../unsupported';
import type { GatewayResponse } from './api-document';
import { renderTemplate, type ContextVariables } from './context';
import { RESPONSE_TYPES, type GatewayError } from './gateway-error';

/** Matches the parameter of a response header. */
const PARAMETER = /^gatewayresponse\.header\.([\w-]+)$/;
/** Matches the value of a response header: a constant in quotation marks, or a variable of `$context`. */
const VALUE = /^(?:'([^']*)'|context\.([\w.]+))$/;

const DEFAULT_TEMPLATES = { 'application/json': '{"message":$context.error.messageString}' };

/** Matches unsupported Velocity: the usual directives, and references to anything but `$context`. */
const UNSUPPORTED_VELOCITY = /\$(?!context\.)|#(?:set|if|foreach)\b/;

/** Renders the gateway responses of an API: the answers to requests that API Gateway rejects or whose integration fails. */
export class GatewayResponses {
  /**
   * @param responses the responses that the API defines, by response type
   * @throws Unsupported if a header is neither constant nor a variable of `$context`, or a template uses more than `$context`.
   */
  constructor(private readonly responses: Readonly<Record<string, GatewayResponse>>) {
    for (const [type, response] of Object.entries(responses)) rejectUnsupported(type, response);
  }

  /** Renders the response to an error, and adds the error's fields to the context for the access log. */
  answer(error: GatewayError, context: ContextVariables): HttpResponse {
    const { type, integrationError, defaultStatus } = error;
    const { message, errorType } = RESPONSE_TYPES[type];
    context['error.message'] = message;
    context['error.messageString'] = JSON.stringify(message);
    context['error.responseType'] = type;
    context['integration.error'] = integrationError;
    const responseOfType = this.responses[type];
    const response = responseOfType ?? this.responses[defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
    // The status if the gateway response itself sets none. For INTEGRATION_FAILURE, it is 504 if the API defines a response of this type,
    // and otherwise the error's `defaultStatus`, 500 or 502.
    const status = responseOfType === undefined ? defaultStatus : RESPONSE_TYPES[type].status;
    const [[contentType, template] = ['application/json', '']] = Object.entries(
      response?.responseTemplates ?? DEFAULT_TEMPLATES,
    );
    const definedHeaders = headersOf(response, context);
    return {
      status: Number(response?.statusCode ?? '') || status,
      headers: [
        ...(headerOf(definedHeaders, 'content-type') === undefined ? [['content-type', contentType] as const] : []),
        ['x-amzn-ErrorType', errorType],
        ...definedHeaders,
      ],
      body: Buffer.from(renderTemplate(template, context)),
    };
  }
}

/**
 * Renders the headers that a gateway response defines:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
function headersOf(response: GatewayResponse | undefined, context: ContextVariables): Header[] {
  return Object.entries(response?.responseParameters ?? {}).map(([parameter, expression]) => {
    const [, name = ''] = PARAMETER.exec(parameter) ?? [];
    const [, constant, variable = ''] = VALUE.exec(expression) ?? [];
    return [name, constant ?? context[variable] ?? ''];
  });
}

function rejectUnsupported(type: string, { responseParameters, responseTemplates }: GatewayResponse): void {
  for (const [parameter, expression] of Object.entries(responseParameters ?? {})) {
    if (PARAMETER.test(parameter) && VALUE.test(expression)) continue;
    const header = `${parameter} = ${expression} of the gateway response ${type}`;
    throw new Unsupported(header, 'a header with a constant in quotation marks, or with a variable of context');
  }
  if (Object.values(responseTemplates ?? {}).some((template) => UNSUPPORTED_VELOCITY.test(template))) {
    throw new Unsupported(`A template of the gateway response ${type}`, 'a template that uses only $context');
  }
}
