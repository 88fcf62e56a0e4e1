/** Data flows one way: environments → main → modules → bundled functions. contract/ has what modules and functions share. */
module.exports = {
  forbidden: [
    {
      name: 'modules-bundle-functions',
      comment: 'modules/ passes files of functions/ to esbuild by path; it runs none of their code.',
      severity: 'error',
      from: { path: '^modules/' },
      to: { path: '^functions/' },
    },
    {
      name: 'functions-stand-alone',
      comment:
        'A function gets its settings from environment variables and its event, so it imports no code that deploys it.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(modules|local|start|environments|scripts|main|read-environments)' },
    },
    {
      name: 'local-reads-what-was-applied',
      comment:
        'local/ is a separate package: it reads a deployment from a Terraform state and imports no code outside local/.',
      severity: 'error',
      from: { path: '^local/', pathNot: '^local/__tests__/clients/programs/' },
      to: { pathNot: '^(local|node_modules)/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'local-has-two-entry-points',
      comment:
        'index.ts runs a deployment; decisions.ts exports AWS’s rules for permissions, connections and logins. Only tests and benchmarks import other files.',
      severity: 'error',
      from: { pathNot: '^(local|__tests__|bench)/' },
      to: { path: '^local/', pathNot: '^local/(index|decisions)\\.ts$' },
    },
    {
      name: 'one-machine-tests-have-a-third-entry-point',
      comment:
        'Tests in __tests__/one-machine/ and __tests__/start/ import only index.ts, decisions.ts and __tests__/support/index.ts of local/.',
      severity: 'error',
      from: { path: '^__tests__/(one-machine|start)/' },
      to: { path: '^local/', pathNot: '^local/(index|decisions|__tests__/support/index)\\.ts$' },
    },
    {
      name: 'deployment-is-tested-alone',
      comment:
        'npm run test:deployment needs neither local/ nor start/. Tests that need them are in __tests__/one-machine/ and __tests__/start/.',
      severity: 'error',
      from: { path: '^__tests__/', pathNot: '^__tests__/(one-machine|start)/' },
      to: { path: '^(local|start|__tests__/(one-machine|start))/', reachable: true },
    },
    {
      name: 'start-stays-outside',
      comment: 'npm start reads the output of synth; it imports no code of the deployment.',
      severity: 'error',
      from: { path: '^start/' },
      to: { path: '^(contract|modules|functions|environments|main|read-environments|verify)' },
    },
    {
      name: 'verify-looks-from-outside',
      comment: 'verify/ knows a deployment only by its outputs, the answers of its API and of AWS, and the contract.',
      severity: 'error',
      from: { path: '^verify/' },
      to: { path: '^(modules|functions|local|start|environments|scripts|main|read-environments)' },
    },
    {
      name: 'only-tests-import-verify',
      severity: 'error',
      from: { pathNot: '^(verify|__tests__)/' },
      to: { path: '^verify/' },
    },
    {
      name: 'nothing-flows-back',
      comment: 'Modules get the settings as arguments; they import no environment.',
      severity: 'error',
      from: { path: '^modules/' },
      to: { path: '^(environments|main|read-environments|local|start|scripts)' },
    },
    {
      name: 'contract-imports-nothing-else',
      comment: 'contract/ imports only itself and the types of OpenAPI.',
      severity: 'error',
      from: { path: '^contract/' },
      to: { pathNot: '^contract/|^node_modules/openapi-types/' },
    },
    {
      name: 'pure-model',
      comment: 'modules/auth/ is a pure model: it imports only itself and the contract, no CDKTF and no AWS SDK.',
      severity: 'error',
      from: { path: '^modules/auth/' },
      to: { pathNot: '^(modules/auth|contract)/' },
    },
    {
      name: 'sources-import-no-tests',
      severity: 'error',
      from: { pathNot: '(^|/)__tests__/' },
      to: { path: '(^|/)__tests__/' },
    },
    {
      name: 'only-tests-import-benchmarks',
      severity: 'error',
      from: { pathNot: '^(bench|__tests__/bench)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'file-names',
      comment: 'Names of files are lower case, with hyphens, except below __tests__.',
      severity: 'error',
      from: { path: '[A-Z_][^/]*$', pathNot: '(^|/)node_modules/|(^|/)__tests__/' },
      to: {},
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-circular-folders',
      comment: 'Imports between folders have no cycles.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(modules|functions|local|start|verify|scripts|contract)' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdktf\\.out|\\.build|\\.local)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
