// Who may import whom, as data: a folder may import itself and the folders of its row. The top of src/ knows least.
const mayImport = {
  'src/domain': [],
  'src/sockets': ['src/domain'],
  'src/ocpi': ['src/domain', 'src/sockets'],
  'src/ocpp': ['src/domain', 'src/sockets'],
  'src/store': ['src/domain'],
  'src/planner': ['src/domain'],
  'src/solver': ['src/domain', 'src/planner'],
  'src/evaluate': ['src/domain', 'src/planner'],
  'src/delivery': ['src/domain', 'src/ocpi', 'src/store'],
  'src/roles': ['src/domain', 'src/planner', 'src/ocpi', 'src/store'], // the store by its types only: see roles-know-the-store-as-a-port
  'src/node': ['src/domain', 'src/sockets', 'src/ocpi', 'src/ocpp', 'src/store', 'src/planner', 'src/solver', 'src/evaluate', 'src/delivery', 'src/roles'],
  console: ['src/node'], // types only: see the-page-takes-only-types
  'src/cli': ['src/domain', 'src/solver', 'src/evaluate', 'src/node'],
  sim: ['src/domain', 'src/ocpi', 'src/ocpp'],
};

// The rooms of src/node, lowest first: a room may import itself and the rooms of its row. Files directly in src/node may import every room.
const roles = ['config', 'core', 'peers', 'rights', 'sites', 'gateway', 'exchanges', 'tokens', 'cpo', 'remote', 'relay', 'scsp'];
const rooms = {
  config: [],
  core: ['config'],
  peers: ['config', 'core'],
  rights: ['config', 'core'],
  sites: ['config', 'core'],
  gateway: ['config', 'core', 'sites'],
  exchanges: ['config', 'core', 'peers', 'rights'],
  tokens: ['config', 'core', 'peers'],
  cpo: ['config', 'core', 'peers', 'rights', 'sites', 'exchanges', 'tokens'],
  remote: ['config', 'core', 'peers', 'rights', 'exchanges'],
  relay: ['config', 'core', 'peers', 'rights', 'exchanges', 'remote'],
  scsp: ['config', 'core', 'remote'],
  alarms: ['config', 'core', 'sites', 'gateway', 'cpo'],
  handlers: roles,
  operators: ['config', 'core'],
  upkeep: ['config', 'core', 'cpo'],
  compose: [...roles, 'alarms', 'handlers', 'upkeep'],
  api: [...roles, 'alarms', 'operators', 'compose'],
  page: ['config'],
  offline: ['config', 'core', 'peers', 'rights', 'operators', 'upkeep', 'api'],
};

const ours = '^(src|sim|test|bench|scripts|bin|console)/';
const aTest = '[.]test[.]ts$';
const fixture = '[.]fixture[.]ts$';
const test = '[.](test|fixture)[.]ts$'; // tests and what only tests import may use whatever they need
const demo = '^src/cli/demo'; // the one command that brings a simulated street with it
const nameless = '(^|/)(utils?|helpers?|common|shared|misc)(/|[.][^/]+$)';

const arrows = Object.entries(mayImport).map(([folder, others]) => ({
  name: `arrows-of-${folder.replace('/', '-')}`,
  comment: `${folder} may import ${others.length > 0 ? `only itself, ${others.join(', ')}` : 'only itself'}.`,
  from: { path: `^${folder}/`, pathNot: folder === 'src/cli' ? [test, demo] : [test] },
  to: { path: ours, pathNot: `^(${[folder, ...others].join('|')})/` },
}));

const roomArrows = Object.entries(rooms).map(([room, others]) => ({
  name: `arrows-of-node-${room}`,
  comment: `src/node/${room} may import of src/node ${others.length > 0 ? `only itself, ${others.join(', ')}` : 'only itself'}.`,
  from: { path: `^src/node/${room}/`, pathNot: test },
  to: { path: '^src/node/', pathNot: `^src/node/(${[room, ...others].join('|')})/` },
}));

const rules = [
  ...arrows,
  ...roomArrows,
  {
    name: 'every-room-has-its-arrows',
    comment: 'A new folder in src/node is a room: it gets a row in .dependency-cruiser.js and a sentence in ARCHITECTURE.md.',
    from: {},
    to: { path: '^src/node/[^/]+/', pathNot: `^src/node/(${Object.keys(rooms).join('|')})/` },
  },
  {
    name: 'arrows-of-the-demo',
    comment: 'The demo may import what the command line may, and sim.',
    from: { path: demo, pathNot: test },
    to: { path: ours, pathNot: '^(src/cli|src/node|sim)/' },
  },
  {
    name: 'every-folder-has-its-arrows',
    comment: 'A new folder in src/ gets a row in .dependency-cruiser.js.',
    from: {},
    to: { path: '^src/', pathNot: `^(${Object.keys(mayImport).join('|')})/` },
  },
  {
    name: 'no-circles',
    comment: 'Files that need each other are one file, or lack a third.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'one-role-knows-no-other',
    comment: 'Roles speak through the domain.',
    from: { path: '^src/roles/([^/]+)/', pathNot: test },
    to: { path: '^src/roles/[^/]+/', pathNot: '^src/roles/$1/' },
  },
  {
    name: 'roles-know-the-store-as-a-port',
    comment: 'A role knows src/store/store.ts; node hands it the store.',
    from: { path: '^src/roles/', pathNot: test },
    to: { path: '^src/store/', pathNot: '^src/store/store[.]ts$' },
  },
  {
    name: 'roles-take-only-types-of-the-store',
    comment: 'A role imports types of the store (import type); node hands it the store.',
    from: { path: '^src/roles/', pathNot: test },
    to: { path: '^src/store/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'the-page-takes-only-types',
    comment: 'console/ runs in a browser: of the node it knows the words, by import type.',
    from: { path: '^console/', pathNot: test },
    to: { path: '^src/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'pure-no-platform',
    comment: 'domain, planner, evaluate and roles touch no platform.',
    from: { path: '^src/(domain|planner|evaluate|roles)/', pathNot: test },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'pure-no-packages',
    comment: 'domain, planner, evaluate and roles touch no npm.',
    from: { path: '^src/(domain|planner|evaluate|roles)/', pathNot: test },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'nothing-imports-a-test',
    comment: 'What a test needs from another test is a file of its own.',
    from: {},
    to: { path: aTest },
  },
  {
    name: 'fixtures-are-for-tests',
    comment: 'A *.fixture.ts is not published: only tests and fixtures import it.',
    from: { pathNot: ['^test/', test] },
    to: { path: fixture },
  },
  {
    name: 'name-says-what-is-inside-from',
    comment: 'No utils, helpers, common, shared, misc: name what it is about.',
    from: { path: nameless },
    to: {},
  },
  {
    name: 'name-says-what-is-inside',
    comment: 'No utils, helpers, common, shared, misc: name what it is about.',
    from: {},
    to: { path: nameless, pathNot: 'node_modules' },
  },
  {
    name: 'resolves',
    comment: 'Every import leads somewhere.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'published-code-has-its-packages',
    comment: 'src and sim are published: what they import is in dependencies.',
    from: { path: '^(src|sim)/', pathNot: test },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm'] },
  },
];

export default {
  forbidden: rules.map((rule) => ({ ...rule, severity: 'error' })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
