/** Data flows one way: environments → main → modules → (bundles of) functions. contract/ has what both sides share. */
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
      comment: 'A function gets all input from its environment variables and its event.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(modules|local|start|environments|scripts|main|read-environments)' },
    },
    {
      name: 'local-reads-what-was-applied',
      comment: 'local/ is a package of its own: it knows a deployment only from a Terraform state, as AWS does.',
      severity: 'error',
      from: { path: '^local/', pathNot: '^local/__tests__/clients/programs/' },
      to: { pathNot: '^(local|node_modules)/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'local-has-two-doors',
      comment:
        'index.ts runs a deployment, decisions.ts has the code by which it decides. Only tests and benchmarks look inside.',
      severity: 'error',
      from: { pathNot: '^(local|__tests__|bench)/' },
      to: { path: '^local/', pathNot: '^local/(index|decisions)\\.ts$' },
    },
    {
      name: 'start-stays-outside',
      comment: 'npm start is a command: nothing that is deployed depends on it, and it reads what synth has written.',
      severity: 'error',
      from: { path: '^start/' },
      to: { path: '^(contract|modules|functions|environments|main|read-environments|verify)' },
    },
    {
      name: 'verify-looks-from-outside',
      comment:
        'verify/ knows the deployment only from the contract, its outputs and its answers; only tests import it.',
      severity: 'error',
      from: { path: '^verify/' },
      to: { path: '^(modules|functions|local|start|environments|scripts|main|read-environments)' },
    },
    {
      name: 'only-tests-verify',
      severity: 'error',
      from: { pathNot: '^(verify|__tests__)/' },
      to: { path: '^verify/' },
    },
    {
      name: 'nothing-flows-back',
      comment: 'Modules get settings; they never read which environment they belong to.',
      severity: 'error',
      from: { path: '^modules/' },
      to: { path: '^(environments|main|read-environments|local|start|scripts)' },
    },
    {
      name: 'contract-imports-nothing-else',
      comment: 'Modules, functions and docs read the contract; it is data, and reads none of them.',
      severity: 'error',
      from: { path: '^contract/' },
      to: { pathNot: '^contract/|^node_modules/openapi-types/' },
    },
    {
      name: 'pure-model',
      comment: 'The matrix is a pure model: it imports neither CDKTF nor AWS, only itself and the contract.',
      severity: 'error',
      from: { path: '^modules/auth/' },
      to: { pathNot: '^(modules/auth|contract)/' },
    },
    {
      name: 'tests-stay-tests',
      severity: 'error',
      from: { pathNot: '(^|/)__tests__/' },
      to: { path: '(^|/)__tests__/' },
    },
    {
      name: 'benchmarks-only-measure',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-circular-folders',
      comment: 'A folder depends on those below it in the picture, never on one that depends on it.',
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
