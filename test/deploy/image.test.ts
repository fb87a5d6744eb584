import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plugInStation, realClock } from '../../sim/index.ts';
import { amperes, volts } from '../../src/domain/units.ts';
import { type BuiltImage, buildImage, filesIn, IMAGE_USER, instruction, lacksMounts } from './built-image.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

describe('the Dockerfile', () => {
  test('OPS-D02: its base is the Node.js that package.json pins, slim; its last stage holds what was collected, and runs without root', () => {
    const { node } = JSON.parse(read('package.json')).devDependencies;
    expect(read('Dockerfile')).toContain(`ARG NODE_IMAGE=docker.io/library/node:${node}-bookworm-slim\n`);
    expect([instruction('FROM'), instruction('USER'), instruction('VOLUME')]).toEqual(['scratch', `${IMAGE_USER}:${IMAGE_USER}`, '/var/lib/evenkeel']);
    expect(instruction('HEALTHCHECK')).toContain('"health", "--config", "/etc/evenkeel/evenkeel.yaml"');
    expect(read('deploy/image/collect-root.sh')).toContain(`evenkeel:x:${IMAGE_USER}:${IMAGE_USER}:`);
  });

  test('OPS-D02: nothing but sources goes into the build: no history, key, database or configuration', () => {
    const [first, ...lines] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(lines).toEqual(expect.arrayContaining(['**/*.db', '**/*.key', '**/*.key.drivers', '**/*.pem']));
    expect(lines.filter((line) => line.startsWith('!')).join()).not.toMatch(/\.git|\.yaml|deploy$|docs/);
  });
});

/** The users as whom this process may run another one. */
const users = process.getuid?.() === 0 ? [IMAGE_USER] : [];
/** The file systems of a limited size that this process may mount. */
const fileSystems = lacksMounts() === undefined ? ['tmpfs'] : [];
if (fileSystems.length === 0) console.warn(`not tried: a full volume; ${lacksMounts()}`);

describe('what the image runs, in a root that nobody may write', { timeout: 60_000 }, () => {
  let image: BuiltImage;
  beforeAll(() => {
    image = buildImage();
  }, 120_000);
  afterAll(() => image[Symbol.asyncDispose]());

  test('OPS-D03: an empty volume: it starts, its health check succeeds, a charge point connects, and SIGTERM ends it with 0', async () => {
    await using node = await image.run();
    const printed = await node.printed(/"event":"ready"/);
    expect(filesIn(node.volume)).toEqual(expect.arrayContaining(['evenkeel.db', 'evenkeel.db.key', 'evenkeel.db.key.drivers']));
    const [, check = ''] = instruction('HEALTHCHECK').split(' CMD ');
    expect(node.command(JSON.parse(check))).toEqual({ code: 0, output: 'the node is ready\n' });
    const [, ocpp = ''] = /charge points at (ws:\S+)\/\{id\}/.exec(printed) ?? [];
    const evse = { evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) } as const;
    await using station = await plugInStation({ id: 'CP001', password: '0123456789abcdef', version: '2.0.1', url: ocpp, clock: realClock(), evses: [evse] });
    expect(station.power(1)).toBe(0);
    node.child.kill('SIGTERM');
    const { code, output } = await node.ended;
    expect([code, output.includes('"event":"stopped"')]).toEqual([0, true]);
  });

  test.each(users)('OPS-D03: it runs as the user %i of the image, and this user cannot change a file of the image', async () => {
    await using node = await image.run();
    await node.printed(/"event":"ready"/);
    expect(readFileSync(`/proc/${node.child.pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${IMAGE_USER}\\s+${IMAGE_USER}`, 'm'));
    const program = "require('node:fs').writeFileSync('/app/dist/new', '')";
    expect(node.command(['/usr/local/bin/node', '--eval', program.replace('/app', image.app)]).output).toContain('EACCES');
  });

  test('OPS-D04: a volume that nobody may write is named in the error, with what to do', async () => {
    await using node = await image.run({ readOnly: true });
    const { code, output } = await node.ended;
    expect(code).toBe(1);
    expect(output).toMatch(
      /^evenkeel: database: \S+evenkeel\.db\.lock cannot be used \(.*\): let the user of this process write the file and its folder, or name another file\n/,
    );
  });

  test.each(fileSystems)('OPS-D04: a volume (%s) that is full at the start is named in the error, with what to do', async () => {
    await using node = await image.run({ size: '64k' });
    const { code, output } = await node.ended;
    expect(code).toBe(1);
    expect(output).toMatch(/^evenkeel: database: \S+evenkeel\.db cannot be used \(.*\): free its disk\n/);
  });

  test.each(fileSystems)('OPS-D04: a volume (%s) that gets full: the node lives, is not ready and says why; it is ready again when there is room', async () => {
    await using node = await image.run({ size: '4m' });
    await node.printed(/"event":"ready"/);
    const filler = join(node.volume, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(8_000_000))).toThrow('ENOSPC');
    await node.printed(/store-away/);
    expect((await fetch(`${node.url}/health/live`)).status).toBe(200);
    expect(await readiness(node.url, 503)).toMatchObject({ status: 'not ready', problems: [{ check: 'store' }] });
    rmSync(filler);
    expect(await readiness(node.url, 200)).toEqual({ status: 'ready' });
    await node.printed(/store-back/);
  });
});

/** Reads the readiness until it has this HTTP status; its body. */
async function readiness(url: string, status: number): Promise<unknown> {
  for (;;) {
    const answer = await fetch(`${url}/health/ready`);
    const body: unknown = await answer.json();
    if (answer.status === status) return body;
  }
}
