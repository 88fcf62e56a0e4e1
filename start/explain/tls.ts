import { unzipSync } from 'fflate';
import { requiresTls, type Signer, signersIn } from '../../local/decisions';
import type { Finding } from './condition';
import { aliasOf, type ConditionInputs, type Target } from './condition-inputs';

/** Lambda's folder for the files of layers. */
const LAYERS = '/opt/';

const SIGNERS: Readonly<Record<Signer, string>> = {
  instance: 'RDS (CN=Amazon RDS …)',
  amazon: 'Amazon Trust Services (CN=Amazon Root CA …)',
};

interface LayerVersion {
  readonly arn: string;
  readonly filename: string | null;
  readonly code_sha256: string;
}

/** Checks host name, encryption and certificate authority of the connection. */
export function tlsFindings(inputs: ConditionInputs): Finding[] {
  const { target } = inputs;
  if (target === undefined) return [];
  return [hostNameFinding(inputs, target), encryptionFinding(inputs, target), ...authorityFindings(inputs, target)];
}

/**
 * If a layer's zip is missing, returns the condition that therefore cannot be checked. The state holds only the hash of the zip,
 * not its certificate authorities.
 */
export function unknownAuthority(inputs: ConditionInputs): string[] {
  const { caFile } = inputs.login;
  if (caFile === undefined || !zipsOf(inputs).includes(undefined)) return [];
  return [
    `whether ${caFile} holds the right certificate authorities: this machine lacks the layer's zip; \`npx cdktf synth\` makes it`,
  ];
}

function hostNameFinding({ applied, login }: ConditionInputs, target: Target): Finding {
  const needs = `${login.host} is the endpoint's own name, which is also the name in its certificate`;
  const resources = [target.kind === 'proxy' ? target.proxy : target.instance];
  if (login.host === target.host) return { needs, found: 'it is', resources };
  return {
    needs,
    found: `it is a CNAME that points to ${target.host}`,
    resources: [login.client.source, aliasOf(applied, login.host)],
    fix: `Set ${login.variables?.host ?? 'the host name'} to ${target.host}: neither a certificate nor a token is valid for a CNAME.`,
  };
}

/** Describes the encryption. The explained logins always use TLS, required or not. */
function encryptionFinding({ applied }: ConditionInputs, target: Target): Finding {
  const needs = 'the connection is encrypted';
  if (target.kind === 'proxy') {
    const words = target.proxy.require_tls ? 'the proxy requires TLS' : 'the proxy does not require TLS';
    return { needs, found: `${words}; the client always uses it`, resources: [target.proxy] };
  }
  const { instance } = target;
  const isRequired = requiresTls(applied, instance);
  const group = applied.find<{ name: string }>(
    'aws_db_parameter_group',
    ({ name }) => name === instance.parameter_group_name,
  );
  const words = `require_secure_transport is ${isRequired ? 'on' : 'off'}`;
  return { needs, found: `${words}; the client always uses TLS`, resources: [group ?? instance] };
}

function authorityFindings(inputs: ConditionInputs, target: Target): Finding[] {
  const { caFile, client, variables } = inputs.login;
  if (caFile === undefined || unknownAuthority(inputs).length > 0) return [];
  const files = filesIn(zipsOf(inputs));
  const neededSigner: Signer = target.kind === 'instance' ? 'instance' : 'amazon';
  const trusted = [...(files.get(caFile) ?? [])];
  const fittingFile = [...files].find(([, signers]) => signers.has(neededSigner))?.[0];
  const needs = `${caFile} holds the authority that signs the certificate: ${SIGNERS[neededSigner]}`;
  const resources = [client.source, ...layersOf(inputs)];
  if (trusted.includes(neededSigner)) return [{ needs, found: 'it does', resources }];
  const authorities = trusted.map((signer) => SIGNERS[signer]).join(', ');
  const held = authorities ? `the root certificates of ${authorities}` : 'no known root certificate';
  return [
    {
      needs,
      found: files.has(caFile) ? `it holds ${held}` : 'no layer of the function has this file',
      resources,
      fix: fittingFile
        ? `Set ${variables?.caFile ?? 'the CA file'} to ${fittingFile}, which holds the root certificates of ${SIGNERS[neededSigner]}.`
        : `Publish a layer in which ${caFile} holds the root certificates of ${SIGNERS[neededSigner]}.`,
    },
  ];
}

const layersOf = ({ applied, login: { client } }: ConditionInputs): LayerVersion[] =>
  applied.all<LayerVersion>('aws_lambda_layer_version').filter(({ arn }) => client.layers.includes(arn));

const zipsOf = (inputs: ConditionInputs): (Uint8Array | undefined)[] =>
  layersOf(inputs).map(({ code_sha256, filename }) => inputs.zipOf(code_sha256, filename));

/** Returns the signers in each certificate bundle of the layers, by path. */
function filesIn(zips: readonly (Uint8Array | undefined)[]): Map<string, Set<Signer>> {
  const files = zips.flatMap((zip) => (zip ? Object.entries(unzipSync(zip)) : []));
  return new Map(
    files
      .filter(([path]) => path.endsWith('.pem'))
      .map(([path, bytes]) => [`${LAYERS}${path}`, signersIn(Buffer.from(bytes).toString('utf8'))]),
  );
}
