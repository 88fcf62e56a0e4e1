import type * as cdktf from 'cdktf';

/** A JSON object with untyped fields, so tests can read any path without a cast. */
export type JsonObject = Record<string, any>;

/** A synthesised stack in Terraform's JSON. */
export class SynthesisedStack {
  readonly json: JsonObject;

  constructor(readonly text: string) {
    this.json = JSON.parse(text) as JsonObject;
  }

  /** All resources, by type and Terraform name. */
  get resources(): Record<string, JsonObject> {
    return this.json['resource'] as Record<string, JsonObject>;
  }

  /** Terraform's addresses of all resources: `type.name`. */
  get addresses(): string[] {
    return Object.entries(this.resources).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    );
  }

  /** Returns the resources of a type by Terraform name. */
  all(type: string): JsonObject {
    return this.resources[type] ?? {};
  }

  /** Returns the only resource of the type that has the word in its Terraform name. By default any name matches. */
  one(type: string, word = ''): any {
    return this.all(type)[this.nameOf(type, word)];
  }

  /** The document of the REST API, as API Gateway imports it. */
  get apiBody(): JsonObject {
    return JSON.parse(this.one('aws_api_gateway_rest_api').body as string) as JsonObject;
  }

  /** Returns the address of the resource that `one` returns. */
  addressOf(type: string, word = ''): string {
    return `${type}.${this.nameOf(type, word)}`;
  }

  private nameOf(type: string, word: string): string {
    const names = Object.keys(this.all(type)).filter((candidate) => candidate.includes(word));
    const [name = '', ...more] = names;
    if (name === '' || more.length > 0)
      throw new Error(`Exactly one ${type} must have '${word}' in its name, got ${names.join(', ') || 'none'}`);
    return name;
  }

  /** Lists the addresses of all resources that Terraform creates before a resource and destroys after it. */
  dependenciesOf(address: string, dependencies = new Set<string>()): Set<string> {
    const [type = '', name = ''] = address.split('.');
    const { depends_on: declared = [], ...rest } = (this.all(type)[name] ?? {}) as { depends_on?: string[] };
    const referred = [...JSON.stringify(rest).matchAll(/\b(?:aws_\w+|terraform_data)\.[\w-]+/g)].map(
      ([match]) => match,
    );
    for (const dependency of [...declared, ...referred]) {
      const [ofType = '', named = ''] = dependency.split('.');
      if (dependencies.has(dependency) || this.all(ofType)[named] === undefined) continue;
      dependencies.add(dependency);
      this.dependenciesOf(dependency, dependencies);
    }
    return dependencies;
  }
}

/** Synthesises constructs in a stack that has nothing else. */
export function synthesiseAlone(build: (stack: cdktf.TerraformStack) => void): SynthesisedStack {
  // Loaded only here: tests that read a cached stack do not need CDKTF.
  const { App, Testing, TerraformStack } = jest.requireActual<typeof cdktf>('cdktf');
  const stack = new TerraformStack(new App({ stackTraces: false }), 'alone');
  build(stack);
  return new SynthesisedStack(Testing.synth(stack));
}
