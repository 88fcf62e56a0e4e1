import { resourcesOf, type TerraformState } from './terraform/terraform-json';

/** The applied resources in Terraform's state. From them the local services learn what is deployed. */
export class Applied {
  private readonly byType = new Map<string, readonly unknown[]>();

  constructor(private readonly state: TerraformState) {}

  /** Attributes of every resource of a type, for example `aws_db_proxy`. Each call returns the same objects. */
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

  /** Types of the applied resources, sorted. */
  get types(): readonly string[] {
    return [...new Set(resourcesOf(this.state).map(({ type }) => type))].sort();
  }

  /** Address of a resource in Terraform's state. @param values the object that this class returned; for a copy, the result is empty */
  addressOf(values: object): string {
    return resourcesOf(this.state).find((resource) => resource.values === values)?.address ?? '';
  }

  /** The first resource of a type that satisfies a condition. */
  find<Values>(type: string, condition: (values: Values) => boolean): Values | undefined {
    return this.all<Values>(type).find(condition);
  }
}
