import { randomUUID } from 'node:crypto';
import { AwsError } from '../lambda/aws-error';
import type { Invocation } from '../lambda/invocation';
import { jsonResponse } from '../http/aws-call';
import type { Pass, WholeResponse, WholeRequest } from '../http/exchange';

export interface SecretRotationOptions {
  readonly pass: Pass;
  /** Invokes the rotation function on behalf of Secrets Manager. */
  readonly invoke: (functionArn: string, event: RotationEvent) => Promise<Invocation>;
  readonly log: (line: string) => void;
}

/** The event of a rotation function. */
export interface RotationEvent {
  readonly Step: string;
  /** ARN. */
  readonly SecretId: string;
  /** Id of the pending version, which becomes the current one. */
  readonly ClientRequestToken: string;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
interface Description {
  readonly ARN: string;
  readonly Name: string;
  readonly RotationLambdaARN?: string;
}

/** Parameters of RotateSecret, with the id of the version that it creates. */
type RotateSecretParameters = Readonly<Record<string, string>> & { readonly ClientRequestToken: string };

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/**
 * Qualifier of a function version that does not exist. Without it, moto would run the function in Docker. With it, moto
 * creates the secret's pending version, enables rotation, and then answers that the function does not exist.
 */
const NOT_BY_MOTO = ':not-by-moto';

/** Rotates secrets as Secrets Manager does: a pending version, then four invocations of the function. */
export class SecretRotation {
  /** Rotation functions, by secret ARN. */
  private readonly functions = new Map<string, string>();
  /** End of the last successful rotation, seconds since 1970, by secret ARN. */
  private readonly lastRotated = new Map<string, number>();
  /** Rotations in progress, by `ClientRequestToken`. */
  private readonly underWay = new Map<string, Promise<WholeResponse>>();

  constructor(private readonly options: SecretRotationOptions) {}

  /** The function that may rotate a secret, for the condition key `secretsmanager:resource/AllowRotationLambdaArn`. */
  functionOf(secretArn: string): string | undefined {
    return this.functions.get(secretArn);
  }

  /** Whether `answer` handles a request. */
  static handles({ headers }: WholeRequest): boolean {
    const target = headers['x-amz-target'];
    return target === 'secretsmanager.RotateSecret' || target === 'secretsmanager.DescribeSecret';
  }

  /**
   * Answers DescribeSecret and RotateSecret. The answer to RotateSecret waits until the rotation has ended, so that the caller can
   * then read the new value of the secret. AWS does not wait.
   */
  async answer(request: WholeRequest): Promise<WholeResponse> {
    if (request.headers['x-amz-target'] === 'secretsmanager.DescribeSecret') return this.describe(request);
    const parameters = JSON.parse(request.body.toString('utf8')) as Record<string, string>;
    const token = parameters['ClientRequestToken'] ?? randomUUID();
    // A client that timed out retries with the same token. The retry joins the running rotation: two would conflict.
    const rotating = this.underWay.get(token) ?? this.rotate(request, { ...parameters, ClientRequestToken: token });
    this.underWay.set(token, rotating);
    return rotating.finally(() => this.underWay.delete(token));
  }

  private async rotate(request: WholeRequest, parameters: RotateSecretParameters): Promise<WholeResponse> {
    const described = await this.call(request, 'DescribeSecret', { SecretId: parameters['SecretId'] });
    if (described.status !== 200) return described;

    const {
      ARN,
      Name,
      RotationLambdaARN: currentFunction,
    } = JSON.parse(described.body.toString('utf8')) as Description;
    const functionArn = parameters['RotationLambdaARN'] ?? (currentFunction && withoutQualifier(currentFunction));
    if (!functionArn)
      throw new AwsError(
        400,
        'InvalidRequestException',
        'No Lambda rotation function ARN is associated with this secret.',
      );
    this.functions.set(ARN, functionArn);
    const { ClientRequestToken: token } = parameters;
    const parametersForMoto = { ...parameters, RotationLambdaARN: functionArn + NOT_BY_MOTO };
    const response = await this.call(request, 'RotateSecret', parametersForMoto);
    if (!isMissingFunction(response)) return response;

    if (await this.run(functionArn, { SecretId: ARN, ClientRequestToken: token })) {
      // While the current version has the label AWSPENDING, moto assumes that a rotation is in progress.
      const pending = { SecretId: ARN, VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
      await this.call(request, 'UpdateSecretVersionStage', pending);
      this.lastRotated.set(ARN, Date.now() / 1000);
    }
    return jsonResponse({ ARN, Name, VersionId: token });
  }

  /**
   * Invokes the steps in order. As on AWS, a failed step ends the rotation without an error to the caller.
   *
   * @returns whether all steps succeeded
   * @throws AwsError if the function does not exist.
   */
  private async run(functionArn: string, rotation: Omit<RotationEvent, 'Step'>): Promise<boolean> {
    for (const Step of STEPS) {
      const failure = await this.failureOf(functionArn, { Step, ...rotation });
      if (failure === undefined) continue;
      this.options.log(`The rotation of ${rotation.SecretId} failed at ${Step}: ${failure}`);
      return false;
    }
    return true;
  }

  /** Invokes one step. @returns why it failed, or `undefined` */
  private async failureOf(functionArn: string, event: RotationEvent): Promise<string | undefined> {
    try {
      const { functionError, payload } = await this.options.invoke(functionArn, event);
      return functionError === undefined ? undefined : payload;
    } catch (error) {
      if (error instanceof AwsError && error.status === 404) throw error;
      return String(error);
    }
  }

  private async describe(request: WholeRequest): Promise<WholeResponse> {
    const response = await this.options.pass(request);
    if (response.status !== 200) return response;
    const description = JSON.parse(response.body.toString('utf8')) as Description;
    const { RotationLambdaARN: functionArn, ARN } = description;
    if (functionArn === undefined) return response;
    // moto does not run the rotation, so moto does not know when the rotation ended.
    const LastRotatedDate = this.lastRotated.get(ARN);
    return jsonResponse({ ...description, RotationLambdaARN: withoutQualifier(functionArn), LastRotatedDate });
  }

  /** Sends the request to moto with another action and parameters. Its signature becomes wrong, but moto checks no signature. */
  private call({ headers, ...request }: WholeRequest, action: string, parameters: object): Promise<WholeResponse> {
    return this.options.pass({
      ...request,
      headers: { ...headers, 'x-amz-target': `secretsmanager.${action}` },
      body: Buffer.from(JSON.stringify(parameters)),
    });
  }
}

const withoutQualifier = (functionArn: string): string => functionArn.replace(NOT_BY_MOTO, '');

const isMissingFunction = ({ body }: WholeResponse): boolean => body.toString('utf8').includes(NOT_BY_MOTO);
