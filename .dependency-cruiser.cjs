/** Dependencies point one way; see ARCHITECTURE.md. */
const tests = '[.](test|browser[.]test)[.]ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'protocol-knows-nothing',
      severity: 'error',
      from: { path: '^signal/protocol/', pathNot: tests },
      to: { pathNot: ['^signal/protocol/', 'node_modules/valibot'] },
    },
    {
      name: 'signal-knows-neither-app',
      severity: 'error',
      from: { path: '^signal/', pathNot: tests },
      to: { path: '^(desktop|pwa|e2e|bench|scripts)/' },
    },
    {
      name: 'server-stays-on-the-server',
      severity: 'error',
      from: {
        path: '^(signal/(client|rtc|protocol)|pwa|desktop/(renderer|bridge|preload))/',
        pathNot: tests,
      },
      to: { path: '^signal/server/' },
    },
    {
      name: 'server-knows-only-protocol',
      severity: 'error',
      from: { path: '^signal/server/', pathNot: tests },
      to: { path: '^signal/(client|rtc)/' },
    },
    {
      name: 'client-does-not-know-rtc',
      severity: 'error',
      from: { path: '^signal/client/', pathNot: tests },
      to: { path: '^signal/rtc/' },
    },
    {
      name: 'apps-do-not-know-each-other',
      severity: 'error',
      from: { path: '^pwa/' },
      to: { path: '^desktop/' },
    },
    {
      name: 'apps-do-not-know-each-other-either',
      severity: 'error',
      from: { path: '^desktop/' },
      to: { path: '^pwa/' },
    },
    {
      name: 'renderer-behind-the-bridge',
      severity: 'error',
      from: { path: '^desktop/renderer/', pathNot: tests },
      to: { path: '^desktop/(main|preload)/' },
    },
    {
      name: 'main-does-not-know-the-renderer',
      severity: 'error',
      from: { path: '^desktop/(main|preload)/', pathNot: tests },
      to: { path: '^desktop/renderer/|^signal/(client|rtc)/' },
    },
    {
      name: 'electron-only-in-main-and-preload',
      severity: 'error',
      from: { pathNot: ['^desktop/(main|preload)/', '^(scripts|e2e|bench)/'] },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'no-node-in-browser-code',
      severity: 'error',
      from: {
        path: '^(signal/(protocol|client|rtc)|pwa|desktop/(renderer|bridge))/',
        pathNot: tests,
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'light-pages-have-no-framework',
      severity: 'error',
      from: { path: '^pwa/(lite|trust)/' },
      to: { path: 'node_modules/(vue|pinia|@vue)/' },
    },
    {
      name: 'nothing-knows-the-bench',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'product-does-not-know-its-tests',
      severity: 'error',
      from: { path: '^(signal|pwa|desktop)/', pathNot: [tests, '/testing/'] },
      to: { path: '^e2e/|/testing/|' + tests },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.web.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
