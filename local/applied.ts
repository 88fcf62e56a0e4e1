import { resourcesOf, type TerraformState } from './control-plane/terraform-json';

/** What was applied, as `terraform show -json` tells it: all that the services of one machine know of the deployment. */
export class Applied {
  private readonly byType = new Map<string, readonly unknown[]>();

  constructor(private readonly state: TerraformState) {}

  /** Values of the resources of a type, for example `aws_db_proxy`, in the provider's own words. The same objects each time. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- JSON of a shape that the caller knows
  all<Values>(type: string): readonly Values[] {
    const values =
      this.byType.get(type) ??
      resourcesOf(this.state)
        .filter((resource) => resource.type === type)
        .map((resource) => resource.values);
    this.byType.set(type, values);
    return values as readonly Values[];
  }

  /** Address in Terraform's state of a resource, by the values that this class gave. */
  addressOf(values: object): string {
    return resourcesOf(this.state).find((resource) => resource.values === values)?.address ?? '';
  }

  /** The first resource of a type that answers a description, if there is one. */
  find<Values>(type: string, is: (values: Values) => boolean): Values | undefined {
    return this.all<Values>(type).find(is);
  }
}
