import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules/', 'cdktf.out/', '.build/', '.local/', '.tools/', 'coverage/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A construct registers itself with its scope; `new` alone is how CDKTF is written.
      'no-new': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
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
    },
  },
  {
    // Programs a person runs: their screen is their output.
    files: ['main.ts', 'scripts/**', 'certs/*.ts', 'local/**', 'bench/**'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
