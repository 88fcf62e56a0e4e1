import type { Applied } from '../applied';
import { headerOf, type Header } from '../http/headers';
import { NotServed } from '../not-served';
import { renderTemplate, type Context } from './context';
import { RESPONSE_TYPES, type Refused } from './refused';

/** What goes back to the caller. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

interface GatewayResponse {
  readonly rest_api_id: string;
  readonly response_type: string;
  /** Empty where API Gateway's own status stays. */
  readonly status_code: string;
  /** By content type. */
  readonly response_templates: Readonly<Record<string, string>> | null;
  readonly response_parameters: Readonly<Record<string, string>> | null;
}

/** Where a header of a response gets its value from: a constant in quotation marks, or a variable of `$context`. */
const PARAMETER = /^gatewayresponse\.header\.([\w-]+)$/;
const VALUE = /^(?:'([^']*)'|context\.([\w.]+))$/;

/** API Gateway's own body. */
const TEMPLATES = { 'application/json': '{"message":$context.error.messageString}' };

/** A template may use nothing that is not a variable of `$context`. */
const OTHER_VELOCITY = /\$(?!context\.)|#(?:set|if|foreach)\b/;

/** Answers for requests that API Gateway refuses, as the API has them. */
export class GatewayResponses {
  private readonly responses: ReadonlyMap<string, GatewayResponse>;

  /** @throws NotServed where a header takes its value from the request, or a template does more than fill in `$context`. */
  constructor(applied: Applied, apiId: string) {
    const responses = applied
      .all<GatewayResponse>('aws_api_gateway_gateway_response')
      .filter((response) => response.rest_api_id === apiId);
    responses.forEach(check);
    this.responses = new Map(responses.map((response) => [response.response_type, response]));
  }

  /** Also writes into the context what the access log tells of the refusal. */
  answer({ type, integrationError, integrationStatus }: Refused, context: Context): Answer {
    const { status, message, errorType } = RESPONSE_TYPES[type];
    context['error.message'] = message;
    context['error.messageString'] = JSON.stringify(message);
    context['error.responseType'] = type;
    context['integration.error'] = integrationError;
    context['integration.integrationStatus'] = integrationStatus?.toString();
    const response = this.responses.get(type) ?? this.responses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const [[contentType, template] = ['application/json', '']] = Object.entries(
      response?.response_templates ?? TEMPLATES,
    );
    const own = headersOf(response, context);
    return {
      status: Number(response?.status_code ?? '') || status,
      headers: [
        ...(headerOf(own, 'content-type') === undefined ? [['content-type', contentType] as const] : []),
        ['x-amzn-ErrorType', errorType],
        ...own,
      ],
      body: Buffer.from(renderTemplate(template, context)),
    };
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html */
function headersOf(response: GatewayResponse | undefined, context: Context): Header[] {
  return Object.entries(response?.response_parameters ?? {}).map(([parameter, expression]) => {
    const [, name = ''] = PARAMETER.exec(parameter) ?? [];
    const [, constant, variable = ''] = VALUE.exec(expression) ?? [];
    return [name, constant ?? context[variable] ?? ''];
  });
}

function check({ response_type, response_parameters, response_templates }: GatewayResponse): void {
  for (const [parameter, expression] of Object.entries(response_parameters ?? {})) {
    if (PARAMETER.test(parameter) && VALUE.test(expression)) continue;
    const what = `${parameter} = ${expression} of the gateway response ${response_type}`;
    throw new NotServed(what, 'a header with a constant in quotation marks, or with a variable of context');
  }
  if (Object.values(response_templates ?? {}).some((template) => OTHER_VELOCITY.test(template))) {
    throw new NotServed(`A template of the gateway response ${response_type}`, 'one that uses $context and no more');
  }
}
