// Types for the output of `terraform show -json`: https://developer.hashicorp.com/terraform/internals/json-format

export interface TerraformResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Attributes as the provider read them from AWS. Write-only values are null. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface TerraformState {
  /** Absent if the state has no resources and no outputs. */
  readonly values?: {
    readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
    readonly root_module: { readonly resources?: readonly TerraformResource[] };
  };
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly ('no-op' | 'create' | 'read' | 'update' | 'delete')[];
    /** Values before the change, as in a state; null if there is no resource before it. */
    readonly before: Readonly<Record<string, unknown>> | null;
    /** Values after the change, as in a state; null if there is no resource after it. */
    readonly after: Readonly<Record<string, unknown>> | null;
    /** `true` in place of values that are known only after the apply. */
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

export interface TerraformPlan {
  readonly resource_changes?: readonly ResourceChange[];
}

/** Returns the managed resources in a state's root module. */
export function resourcesOf(state: TerraformState): readonly TerraformResource[] {
  return (state.values?.root_module.resources ?? []).filter(({ mode }) => mode === 'managed');
}
