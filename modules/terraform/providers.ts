import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import { GLOBAL_REGION } from '../../contract/regions';
import { ON_ONE_MACHINE } from './example-values';
import type { Settings } from '../settings/settings';

/** The first version with write-only arguments, which keep secrets out of plan and state. */
const TERRAFORM_VERSIONS = '>= 1.11.0';

/** Configures the AWS provider for the environment's region. @returns the provider for global resources, such as those of CloudFront */
export function addProviders(stack: TerraformStack, settings: Settings): AwsProvider {
  const { name, region, tags, accountId } = settings;
  const defaultTags = [{ tags: { Environment: name, ...tags } }];
  const regional = new AwsProvider(stack, 'aws', { region, defaultTags });
  stack.addOverride('terraform.required_providers.aws.version', providerVersions(settings));
  stack.addOverride('terraform.required_version', TERRAFORM_VERSIONS);
  const global = new AwsProvider(stack, 'aws-global', { alias: 'global', region: GLOBAL_REGION, defaultTags });
  if (accountId !== undefined) {
    // SECURITY: rejects credentials of another account. In the deployment on one machine the list is empty, which allows every account:
    // the local AWS has an account of its own.
    const allowed = `\${[for id in ["${accountId}"] : id if !${ON_ONE_MACHINE}]}`;
    for (const provider of [regional, global]) provider.addOverride('allowed_account_ids', allowed);
  }
  return global;
}

/**
 * Returns the versions of the AWS provider that Terraform may use. Tests run `terraform apply` with 5.100. The classes of
 * `@cdktf/provider-aws` are made for a newer version, but the configuration contains only what 5.100 supports. The exception is the
 * setting `upstream`, which needs 6.15 (https://github.com/hashicorp/terraform-provider-aws/pull/44309). The setting selects version 6
 * even if the proxy is disabled: the proxy may have been deployed before, and 5.100 cannot read a state that version 6 has written.
 */
const providerVersions = ({ proxies: { iam } }: Settings): string =>
  iam.upstream !== undefined ? '~> 6.15' : '~> 5.100.0';
