import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../free-ports.ts';

const top = join(import.meta.dirname, '../..');
/** The user of the process in the image. */
export const IMAGE_USER = 10_001;

/** The last instruction of this name in the Dockerfile. */
export const instruction = (name: string): string =>
  [...readFileSync(join(top, 'Dockerfile'), 'utf8').matchAll(new RegExp(`^${name} (.+)$`, 'gm'))].at(-1)?.[1] ?? '';

/** What the image holds, in a folder that nobody may write. Disposing deletes it. */
export interface BuiltImage extends AsyncDisposable {
  /** The folder of the program. */
  app: string;
  /** Runs what ENTRYPOINT and `args` say, with an own volume. */
  run(options?: RunOptions): Promise<Running>;
}

interface RunOptions {
  /** The file system of the volume: a tmpfs of this size, such as `64k`. Absent: an empty folder. */
  size?: string;
  /** Nobody may write the volume. */
  readOnly?: boolean;
  args?: readonly string[];
}

/** A running container, so far as no privileges are needed for it. */
export interface Running extends AsyncDisposable {
  /** Where the node answers operators. */
  url: string;
  /** Its root, seen from outside. */
  volume: string;
  child: ChildProcess;
  /** Runs another command of the image beside it, as HEALTHCHECK does. */
  command(args: readonly string[]): { code: number | null; output: string };
  /** Resolves with the whole output when this is printed. */
  printed(pattern: RegExp): Promise<string>;
  ended: Promise<{ code: number | null; output: string }>;
}

/** Why no tmpfs can be mounted by a process of its own; undefined when it can. */
export const lacksMounts = (): string | undefined =>
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
    ? undefined
    : 'this machine allows no mount in a namespace of its own';

/** Builds what the image holds: the program, the packages that it needs after prune.sh, Node.js. */
export function buildImage(): BuiltImage {
  const root = mkdtempSync(join(tmpdir(), 'evenkeel-image-'));
  const app = join(root, 'app');
  const node = join(root, 'node');
  cpSync(process.execPath, node);
  const compiler = join(top, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck', '--noResolve', '--declaration', 'false', '--outDir', join(app, 'dist')], {
    cwd: top,
  });
  for (const name of ['bin', 'package.json']) cpSync(join(top, name), join(app, name), { recursive: true });
  for (const path of productionPackages()) cpSync(join(top, path), join(app, path), { recursive: true, dereference: true });
  mkdirSync(join(app, 'console'));
  execFileSync('sh', [join(top, 'deploy/image/prune.sh'), join(app, 'node_modules'), join(app, 'dist')]);
  execFileSync('chmod', ['-R', 'a+rX,a-w', root]);
  return {
    app,
    run: (options = {}) => run({ app, node }, options),
    [Symbol.asyncDispose]: async () => {
      execFileSync('chmod', ['-R', 'u+w', root]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The packages that `npm ci --omit=dev` installs. */
function productionPackages(): string[] {
  const { packages }: { packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }> } = JSON.parse(
    readFileSync(join(top, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(packages).flatMap(([path, it]) => (path === '' || it.dev || it.optional || it.devOptional ? [] : [path]));
}

async function run({ app, node }: { app: string; node: string }, { size, readOnly = false, args }: RunOptions): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-container-'));
  const volume = join(folder, 'volume');
  mkdirSync(volume);
  const config = join(folder, 'evenkeel.yaml');
  const [port = 0, operators = 0, stations = 0] = await freePorts(3);
  writeFileSync(config, configuration(volume, { port, operators, stations }));
  for (const path of [folder, config]) chmodSync(path, 0o755);
  const asRoot = process.getuid?.() === 0;
  if (asRoot) chownSync(volume, IMAGE_USER, IMAGE_USER);
  chmodSync(volume, readOnly ? 0o500 : 0o700);
  const place = (text: string) =>
    text
      .replace('/usr/local/bin/node', node)
      .replace(/^\/app/, app)
      .replace('/etc/evenkeel/evenkeel.yaml', config);
  const partsOf = (name: string): string[] => JSON.parse(instruction(name)).map(place);
  const mounted = ['unshare', '--map-root-user', '--mount', 'sh', '-c', `mount -t tmpfs -o size=${size} tmpfs ${volume} && exec "$@"`, 'sh'];
  const [program = '', ...rest] = [...(size === undefined ? [] : mounted), ...partsOf('ENTRYPOINT'), ...(args ?? partsOf('CMD'))];
  // A mount needs the user that owns the namespace; everything else runs as the user of the image, where this process may choose it.
  const user = asRoot && size === undefined ? { uid: IMAGE_USER, gid: IMAGE_USER } : {};
  const env = { NODE_ENV: 'production', PATH: process.env.PATH };
  const child = spawn(program, rest, { cwd: size === undefined ? volume : folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...user });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  return {
    url: `http://127.0.0.1:${operators}`,
    volume: size === undefined ? volume : `/proc/${child.pid}/root${volume}`,
    child,
    command: (words) => {
      const [first = '', ...others] = words.map(place);
      const { status, stdout, stderr } = spawnSync(first, others, { env, encoding: 'utf8', ...user });
      return { code: status, output: stdout + stderr };
    },
    printed: async (pattern) => {
      const found = new Promise<string>((resolve) => {
        const look = () => void (pattern.test(output) && resolve(output));
        for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
        look();
      });
      const early = ended.then(({ code }): Promise<never> => Promise.reject(new Error(`ended with ${code} before it printed ${pattern}: ${output}`)));
      return Promise.race([found, early]);
    },
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const configuration = (volume: string, { port, operators, stations }: { port: number; operators: number; stations: number }) => `
listen: { host: 127.0.0.1, port: ${port} }
listen_operator: { host: 127.0.0.1, port: ${operators} }
public_url: https://ocpi.example.com
database: ${join(volume, 'evenkeel.db')}
parties:
  - { role: CPO, country_code: NL, party_id: EVK, name: Evenkeel CPO }
ocpp: { host: 127.0.0.1, port: ${stations}, security_profile: 1 }
charge_points:
  - id: CP001
    password: 0123456789abcdef
    location_id: LOC1
    evses: [{ uid: CP001-1, evse_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }]
`;

/** The names of the files and folders in a volume. */
export const filesIn = (volume: string): string[] => readdirSync(volume).toSorted();
