import { TerraformResource, type TerraformMetaArguments } from 'cdktf';
import type { Construct } from 'constructs';

export interface TerraformDataProps extends Pick<TerraformMetaArguments, 'lifecycle'> {
  /** Stored in the state; expressions read it as `terraform_data.<name>.output`. @default - nothing is stored */
  readonly input?: Readonly<Record<string, string>>;
}

/**
 * A resource of Terraform itself, `terraform_data`: keeps values in the state and has a lifecycle, but creates nothing at AWS.
 *
 * CDKTF's own class for it, `DataResource`, runs `terraform version` at each synth, once for each resource. That took a third of
 * the time of a synth. The command serves to reject Terraform before 1.4; the stack requires a newer version anyway.
 *
 * https://developer.hashicorp.com/terraform/language/resources/terraform-data
 */
export class TerraformData extends TerraformResource {
  private readonly input: TerraformDataProps['input'];

  constructor(scope: Construct, id: string, { input, lifecycle }: TerraformDataProps = {}) {
    super(scope, id, {
      terraformResourceType: 'terraform_data',
      terraformGeneratorMetadata: { providerName: 'terraform' },
      ...(lifecycle && { lifecycle }),
    });
    this.input = input;
  }

  /** Random, and constant as long as the resource exists. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  protected override synthesizeAttributes(): { input: TerraformDataProps['input'] } {
    return { input: this.input };
  }
}
