import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['cdktf.out/', '.build/', '.local/', '.tools/', 'coverage/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // CDKTF constructs register themselves with their scope, so `new` without an assignment is normal.
      'no-new': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      // Rejects vague and rare words. A comment must name the actor, such as the caller or the proxy.
      'no-warning-comments': [
        'error',
        { terms: ['whoever', 'somebody', 'nobody', 'anew', 'lest', 'whereof'], location: 'anywhere' },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['modules/**/*.ts', 'main.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@cdktf/provider-aws',
              message: 'Import the binding by its path (@cdktf/provider-aws/lib/…): the root loads every service.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[property.name='id'][object.property.name='node']",
          message: 'A construct id is an address, not data: give the construct a typed field.',
        },
        {
          selector:
            "ClassDeclaration[superClass.name=/^(Construct|TerraformResource)$/] > ClassBody > MethodDefinition[kind='constructor'] > FunctionExpression:not([params.0.name='scope'][params.1.name='id'][params.length<4])",
          message: 'A construct takes (scope, id) or (scope, id, props).',
        },
      ],
    },
  },
  {
    // Command-line programs print to the console.
    files: [
      'main.ts',
      'modules/refusal.ts',
      'scripts/**',
      'certs/*.ts',
      'local/**',
      'start/**',
      'verify/main.ts',
      'bench/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Tests read untyped JSON whose format they check.
    files: ['**/__tests__/**'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
