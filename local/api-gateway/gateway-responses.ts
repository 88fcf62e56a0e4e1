import type { Applied } from '../applied';
import type { Header } from '../http/headers';
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

/** API Gateway's own body. */
const TEMPLATES = { 'application/json': '{"message":$context.error.messageString}' };

/** A template may use nothing that is not a variable of `$context`. */
const OTHER_VELOCITY = /\$(?!context\.)|#(?:set|if|foreach)\b/;

/** Answers for requests that API Gateway refuses, as the API has them. */
export class GatewayResponses {
  private readonly responses: ReadonlyMap<string, GatewayResponse>;

  /** @throws NotServed where a response adds headers, or its template does more than fill in `$context`. */
  constructor(applied: Applied, apiId: string) {
    const responses = applied
      .all<GatewayResponse>('aws_api_gateway_gateway_response')
      .filter((response) => response.rest_api_id === apiId);
    responses.forEach(check);
    this.responses = new Map(responses.map((response) => [response.response_type, response]));
  }

  /** Also writes into the context what the access log tells of the refusal. */
  answer({ type, integrationError }: Refused, context: Context): Answer {
    const { status, message, errorType } = RESPONSE_TYPES[type];
    context['error.message'] = message;
    context['error.messageString'] = JSON.stringify(message);
    context['error.responseType'] = type;
    context['integration.error'] = integrationError;
    const response = this.responses.get(type) ?? this.responses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const [[contentType, template] = ['application/json', '']] = Object.entries(
      response?.response_templates ?? TEMPLATES,
    );
    return {
      status: Number(response?.status_code ?? '') || status,
      headers: [
        ['content-type', contentType],
        ['x-amzn-ErrorType', errorType],
      ],
      body: Buffer.from(renderTemplate(template, context)),
    };
  }
}

function check({ response_type, response_parameters, response_templates }: GatewayResponse): void {
  if (Object.keys(response_parameters ?? {}).length > 0) {
    throw new NotServed(`response_parameters of the gateway response ${response_type}`, 'a template for its body');
  }
  if (Object.values(response_templates ?? {}).some((template) => OTHER_VELOCITY.test(template))) {
    throw new NotServed(`A template of the gateway response ${response_type}`, 'one that uses $context and no more');
  }
}
