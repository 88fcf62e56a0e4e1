/** What `terraform show -json` tells; https://developer.hashicorp.com/terraform/internals/json-format */

export interface TerraformResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** As the provider read it from AWS; write-only values are null. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface TerraformState {
  /** Absent where nothing is deployed. */
  readonly values?: {
    readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly sensitive: boolean }>>;
    readonly root_module: { readonly resources?: readonly TerraformResource[] };
  };
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly ('no-op' | 'create' | 'read' | 'update' | 'delete')[];
    /** Values, as in a state; null where there is nothing before, or after. */
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    /** `true` in the place of values that are known only when Terraform applies. */
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

export interface TerraformPlan {
  readonly resource_changes?: readonly ResourceChange[];
}

/** Managed resources of a state. */
export function resourcesOf(state: TerraformState): readonly TerraformResource[] {
  return (state.values?.root_module.resources ?? []).filter(({ mode }) => mode === 'managed');
}
