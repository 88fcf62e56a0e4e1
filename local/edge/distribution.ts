import type { SecureVersion } from 'node:tls';
import type { Applied } from '../applied';
import { Unsupported } from '../unsupported';

export interface Distribution {
  readonly id: string;
  readonly domainName: string;
  readonly aliases: readonly string[];
  readonly isIpv6Enabled: boolean;
  /** Empty if there is none. */
  readonly webAclArn: string;
  /** Minimum TLS version of viewers. */
  readonly minimumTls: SecureVersion;
  readonly viewerProtocolPolicy: 'allow-all' | 'https-only' | 'redirect-to-https';
  readonly allowedMethods: readonly string[];
  readonly cachedMethods: readonly string[];
  readonly forwards: Forwards;
  /** Whether the managed SecurityHeadersPolicy applies. */
  readonly addsSecurityHeaders: boolean;
  /** Error caching minimum TTLs in seconds, by status. A missing status has CloudFront's default. */
  readonly errorTtls: ReadonlyMap<number, number>;
  readonly origin: Origin;
}

/** Which of the viewer's headers, cookies and query parameters the origin receives. */
export type Forwards = 'nothing' | 'all' | 'all except host';

/** The attributes of an origin, by the provider's names. */
export interface Origin {
  readonly domain_name: string;
  /** CloudFront puts it before the viewer's path. */
  readonly origin_path: string;
  readonly custom_header: readonly { readonly name: string; readonly value: string }[];
  readonly origin_protocol_policy: 'http-only' | 'https-only' | 'match-viewer';
  readonly http_port: number;
  readonly https_port: number;
  /** Seconds. */
  readonly origin_keepalive_timeout: number;
  /** Seconds. */
  readonly origin_read_timeout: number;
}

interface Behavior {
  readonly target_origin_id: string;
  readonly allowed_methods: readonly string[];
  /** GET and HEAD, or GET, HEAD and OPTIONS. */
  readonly cached_methods: readonly string[];
  readonly viewer_protocol_policy: Distribution['viewerProtocolPolicy'];
  readonly cache_policy_id: string;
  readonly origin_request_policy_id: string;
  readonly response_headers_policy_id: string;
}

interface OriginValues extends Pick<Origin, 'domain_name' | 'origin_path' | 'custom_header'> {
  readonly origin_id: string;
  readonly custom_origin_config: readonly Omit<Origin, 'domain_name' | 'origin_path' | 'custom_header'>[];
}

interface ErrorResponse {
  readonly error_code: number;
  readonly error_caching_min_ttl: number;
  /** 0 or null if it is not set. If neither it nor the page path is set, CloudFront keeps the origin's response. */
  readonly response_code: number | null;
  readonly response_page_path: string | null;
}

interface ViewerCertificate {
  readonly cloudfront_default_certificate: boolean | null;
  /** For example `TLSv1.2_2021`. */
  readonly minimum_protocol_version: string | null;
}

interface DistributionValues {
  readonly id: string;
  readonly domain_name: string;
  readonly aliases: readonly string[] | null;
  readonly enabled: boolean;
  readonly is_ipv6_enabled: boolean;
  readonly web_acl_id: string;
  readonly default_cache_behavior: readonly Behavior[];
  readonly ordered_cache_behavior: readonly unknown[];
  readonly custom_error_response: readonly ErrorResponse[];
  readonly origin: readonly OriginValues[];
  readonly viewer_certificate?: readonly ViewerCertificate[];
}

/** Managed policies: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-policies.html */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const SECURITY_HEADERS = '67f7725c-6f97-4210-82d7-5512b31e9d03';
const ORIGIN_REQUEST_POLICIES: Readonly<Record<string, Forwards>> = {
  '': 'nothing',
  '216adef6-5c7f-47e4-b989-5492eafa07d3': 'all',
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': 'all except host',
};

/**
 * Reads the applied distribution, the first one if there are several.
 *
 * @throws Error if there is none.
 * @throws Unsupported if it uses a feature that the local CloudFront lacks.
 */
export function readDistribution(applied: Applied): Distribution {
  const [values] = applied.all<DistributionValues>('aws_cloudfront_distribution');
  if (values === undefined) throw new Error('No aws_cloudfront_distribution is applied. Deploy one first.');
  if (!values.enabled) throw new Unsupported('A distribution with enabled = false', 'an enabled one');
  if (values.ordered_cache_behavior.length > 0) throw new Unsupported('ordered_cache_behavior', 'the default behavior');
  const [behavior] = values.default_cache_behavior;
  const origin = values.origin.find(({ origin_id }) => origin_id === behavior?.target_origin_id);
  if (behavior === undefined || origin === undefined) {
    const unsupported = `target_origin_id '${behavior?.target_origin_id ?? ''}'`;
    throw new Unsupported(unsupported, 'the id of an origin, not of an origin group');
  }
  return {
    id: values.id,
    domainName: values.domain_name,
    aliases: values.aliases ?? [],
    isIpv6Enabled: values.is_ipv6_enabled,
    webAclArn: values.web_acl_id,
    errorTtls: readErrorTtls(values.custom_error_response),
    origin: readOrigin(origin),
    minimumTls: readMinimumTls(values.viewer_certificate?.[0]),
    viewerProtocolPolicy: behavior.viewer_protocol_policy,
    allowedMethods: behavior.allowed_methods,
    cachedMethods: behavior.cached_methods,
    ...readPolicies(behavior),
  };
}

function readPolicies(behavior: Behavior): Pick<Distribution, 'forwards' | 'addsSecurityHeaders'> {
  const { cache_policy_id: cache, origin_request_policy_id: request, response_headers_policy_id: headers } = behavior;
  // `compress` is not read, because CloudFront ignores it with caching disabled:
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
  if (cache !== CACHING_DISABLED) throw new Unsupported(`cache_policy_id '${cache}'`, 'Managed-CachingDisabled');
  if (headers !== '' && headers !== SECURITY_HEADERS) {
    throw new Unsupported(`response_headers_policy_id '${headers}'`, 'Managed-SecurityHeadersPolicy, or none');
  }
  const forwards = ORIGIN_REQUEST_POLICIES[request];
  if (forwards === undefined) {
    const served = 'Managed-AllViewer, Managed-AllViewerExceptHostHeader, or none';
    throw new Unsupported(`origin_request_policy_id '${request}'`, served);
  }
  return { forwards, addsSecurityHeaders: headers === SECURITY_HEADERS };
}

/**
 * Reads the minimum TLS version of viewers. CloudFront's default certificate sets it to TLS 1.0, whatever the distribution says.
 *
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
 */
function readMinimumTls(certificate: ViewerCertificate | undefined): SecureVersion {
  if (certificate === undefined || certificate.cloudfront_default_certificate === true) return 'TLSv1';
  const [version = 'TLSv1'] = /^TLSv1(\.\d)?/.exec(certificate.minimum_protocol_version ?? '') ?? [];
  return version as SecureVersion;
}

function readErrorTtls(responses: readonly ErrorResponse[]): ReadonlyMap<number, number> {
  for (const { error_code, response_code, response_page_path } of responses) {
    if ((response_code ?? 0) === 0 && (response_page_path ?? '') === '') continue;
    throw new Unsupported(`The page of custom_error_response ${error_code}`, "the origin's own response");
  }
  return new Map(responses.map(({ error_code, error_caching_min_ttl }) => [error_code, error_caching_min_ttl]));
}

function readOrigin({ custom_origin_config: [config], ...origin }: OriginValues): Origin {
  if (config) return { ...origin, ...config };
  throw new Unsupported(`The origin ${origin.domain_name}`, 'an origin with a custom_origin_config');
}
