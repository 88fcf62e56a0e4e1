import { randomUUID } from 'node:crypto';
import type { TerraformResource, TerraformState } from '../../../local';

/** Values of a resource, by attribute. */
export type Values = Record<string, any>;

type Resource = Omit<TerraformResource, 'values'> & { values: Values };

/** A copy of Terraform's state that a test edits to simulate a stack that differs from the applied one. */
export class ChangedState {
  private resources: Resource[];

  constructor(private readonly original: TerraformState) {
    this.resources = structuredClone(original.values?.root_module.resources ?? []) as Resource[];
  }

  get state(): TerraformState {
    return { values: { ...this.original.values, root_module: { resources: this.resources } } };
  }

  /** Returns the values of a resource, to read or change. Exactly one resource must have this type, and this word in its address. */
  one(type: string, word = ''): Values {
    const found = this.resources.filter((each) => each.type === type && each.address.includes(word));
    const [resource, ...more] = found;
    if (!resource || more.length > 0) {
      const addresses = found.map(({ address }) => address).join(', ');
      throw new Error(`Exactly one ${type} must have '${word}' in its address, got ${addresses || 'none'}`);
    }
    return resource.values;
  }

  /** Removes the resources of a type whose addresses contain a word. There must be at least one. */
  remove(type: string, word: string): void {
    const others = this.resources.filter((each) => each.type !== type || !each.address.includes(word));
    if (others.length === this.resources.length) throw new Error(`No address of a ${type} contains '${word}'`);
    this.resources = others;
  }

  add(type: string, name: string, values: Values): void {
    this.resources.push({ address: `${type}.${name}`, mode: 'managed', type, name, values });
  }

  /** Makes each function look redeployed, so that it starts new containers without open connections. */
  redeployFunctions(): void {
    for (const { type, values } of this.resources) {
      if (type === 'aws_lambda_function') values['last_modified'] = randomUUID();
    }
  }
}
