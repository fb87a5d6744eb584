import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { topologies } from '../../src/cli/demo/topologies.ts';
import { type Command, startCommand } from '../command.ts';
import { portOf } from '../raw-peer.ts';

/** Starts a demo with its own folder for temporary files, so that a test can see what the demo leaves behind. */
function openDemo(...args: string[]): Command & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-test-'));
  const demo = startCommand(['demo', '--port', '0', ...args], { TMPDIR: folder });
  const dispose = async () => {
    await demo[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...demo, folder, [Symbol.asyncDispose]: dispose };
}

const filesLeft = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('evenkeel'));

/** The lines of a set and its result, in order. */
const chains: readonly [topology: (typeof topologies)[number], chain: readonly RegExp[]][] = [
  [
    'emsp',
    [
      /eMSP → CPO +set .* ACCEPTED, result within 30 s$/,
      /CPO → \S+ .*SetChargingProfile .* Accepted$/,
      /CPO → eMSP +result of the set .* ACCEPTED, delivered$/,
    ],
  ],
  [
    'relay',
    [
      /SCSP → eMSP +set 32 A on /,
      /SCSP → SCSP +plans .* an equal share of 32 A per phase at YARD$/,
      /eMSP → CPO +set 32 A on .* ACCEPTED, result within 30 s$/,
      /CPO → YEW-\d .*SetChargingProfile .* Accepted$/,
      /CPO → eMSP +result of the set .* ACCEPTED, delivered$/,
      /eMSP → SCSP +result of the set .* ACCEPTED, delivered$/,
      /eMSP → SCSP +active profile of .*: 32 A .* delivered$/,
    ],
  ],
  [
    'cpo-scsp',
    [
      /SCSP → SCSP +plans .* an equal share of 24 A per phase at GARAGE$/,
      /SCSP → CPO +set 24 A on .* ACCEPTED, result within 30 s$/,
      /CPO → FIR-\d .*SetChargingProfile .* Accepted$/,
      /CPO → SCSP +result of the set .* ACCEPTED, delivered$/,
      /CPO → SCSP +active profile of .*: 24 A .* delivered$/,
    ],
  ],
];

// Whole processes on a machine that may be busy; the bench measures how long a start takes.
describe('evenkeel demo', { timeout: 60_000, concurrent: true }, () => {
  test('shows all three topologies and all four use cases over all three versions of OCPP, and leaves no files behind', async () => {
    await using demo = openDemo('--speed', '10');
    for (const node of ['CPO', 'eMSP', 'SCSP'])
      expect(await demo.line(new RegExp(`^${node} node`))).toMatch(/console (http:\/\/127\.0\.0\.1:\d+)\/console\/ .* \1\/ocpi\/versions/);
    expect(await demo.line(/^sign in/)).toMatch(/each console as demo with password \S{16} /);
    for (const version of ['1.6', '2.0.1', '2.1']) {
      for (const operation of ['SetChargingProfile', 'GetCompositeSchedule', 'ClearChargingProfile']) {
        await demo.line(new RegExp(`CPO → \\S+ \\(OCPP ${version}\\) +${operation} for session [\\w-]{13} +Accepted$`));
      }
    }
    await demo.line(/eMSP → CPO +set .* on session [\w-]{13} +ACCEPTED, result within 30 s$/);
    await demo.line(/CPO → eMSP +result of the get on session [\w-]{13}: \d.* for 15 min +ACCEPTED, delivered$/);
    await demo.line(/CPO → eMSP +active profile of session [\w-]{13}: .* delivered$/);
    for (const topology of topologies)
      await demo.line(new RegExp(`^[\\d:]{8}  ${topology} +CPO → \\S+ .*SetChargingProfile for session [\\w-]{13} +Accepted$`));
    demo.signal('SIGINT');
    expect(await demo.ended).toEqual({ code: 0, stdout: expect.stringMatching(/\nStopping …\n$/), stderr: '' });
    expect(filesLeft(demo.folder)).toEqual([]);
  });

  test.each(chains)('CP-60: --topology %s shows each request with sender, receiver and result', async (topology, chain) => {
    await using demo = openDemo('--speed', '8', '--topology', topology);
    for (const hop of chain) await demo.line(hop);
    const nodes = demo.lines().flatMap((line) => /^(\w+) node /.exec(line)?.[1] ?? []);
    expect(nodes).toEqual({ emsp: ['CPO', 'eMSP'], relay: ['CPO', 'eMSP', 'SCSP'], 'cpo-scsp': ['CPO', 'SCSP'] }[topology]);
    demo.signal('SIGTERM');
    expect(await demo.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('GW-W08: --gateway shows which call came from whom: the charge point and its CSMS through the node, and the node by itself', async () => {
    await using demo = openDemo('--speed', '10', '--gateway');
    expect(await demo.line(/^CSMS /)).toMatch(/simulated, behind the CPO node: ws:\/\/127\.0\.0\.1:\d+\/ocpp\/\{id\}/);
    await demo.line(/\S+ \(OCPP [\d.]+\) → CSMS +BootNotification +passes through the node$/);
    await demo.line(
      /\S+ \(OCPP 1\.6\) → CSMS +StartTransaction +passes through the node$|\S+ \(OCPP 2[\d.]+\) → CSMS +TransactionEvent +passes through the node$/,
    );
    await demo.line(/CPO → \S+ \(OCPP [\d.]+\) +SetChargingProfile for session [\w-]{13} +Accepted$/);
    await demo.line(/CPO → eMSP +result of the set .* ACCEPTED, delivered$/);
    await demo.line(/CSMS → \S+ \(OCPP [\d.]+\) +TriggerMessage +passes through the node$/);
    demo.signal('SIGINT');
    expect(await demo.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('CP-64: a relayed session has the same name in all lines, although the SCSP knows it by another id', async () => {
    await using demo = openDemo('--speed', '8', '--topology', 'relay');
    const line = await demo.line(/eMSP → SCSP +session [\w-]{13} at YEW-1-1 +ACTIVE$/);
    const name = /session [\w-]{13}/.exec(line)?.[0];
    await demo.line(new RegExp(`CPO → eMSP +${name} at YEW-1-1 +ACTIVE$`));
    await demo.line(new RegExp(`eMSP → SCSP +result of the set on ${name} +ACCEPTED, delivered$`));
  });

  test('the same seed brings the same cars in the same order; another seed brings others', async () => {
    const firstCars = async (seed: string, second: RegExp) => {
      await using demo = openDemo('--topology', 'emsp', '--speed', '10', '--seed', seed);
      await demo.line(second);
      return demo
        .lines()
        .filter((line) => / car → /.test(line))
        .map((line) => line.slice(10));
    };
    const cars = await firstCars('canal', /ELM-1 .* plugs in/);
    expect(cars).toEqual(['car → ELM-2 (OCPP 2.0.1)    plugs in at EVSE 1', 'car → ELM-1 (OCPP 2.0.1)    plugs in at EVSE 1']);
    expect(await firstCars('canal', /ELM-1 .* plugs in/)).toEqual(cars);
    expect(await firstCars('harbour', /ASH-1 .* plugs in/)).not.toEqual(cars);
  });

  test('F-78: a session can be steered by hand, by the name that the demo prints; the script of the demo then stops steering it', async () => {
    await using demo = openDemo('--topology', 'emsp', '--speed', '5');
    const at = { TMPDIR: demo.folder };
    const [, name = ''] = /session (\S+) at /.exec(await demo.line(/ACTIVE$/)) ?? [];
    await using set = startCommand(['set', name, '--limit', '8A', '--for', '15m', '--wait'], at);
    const { code, stderr } = await set.ended;
    expect([code, stderr]).toEqual([0, '']);
    await demo.line(new RegExp(`eMSP → CPO +set 8 A for 15 min on session ${name} +ACCEPTED`));
    demo.signal('SIGTERM');
    expect((await demo.ended).code).toBe(0);
  });

  test('a busy port gives one line that names the option', async () => {
    const otherProgram = createServer().listen(0, '127.0.0.1');
    await once(otherProgram, 'listening');
    const port = portOf(otherProgram);
    const ended = await startCommand(['demo', '--port', String(port)]).ended;
    otherProgram.close();
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `evenkeel: 127.0.0.1:${port} is in use: choose another port with --port (the demo uses it and the next three), or --port 0\n`,
    });
  });

  test('CON-S03: two demos run side by side, and commands say which they take; a signal during the start stops one and leaves the other', async () => {
    await using older = openDemo('--topology', 'emsp');
    const urlOf = async (demo: Command) => /http:\/\/\S+?(?=\/console)/.exec(await demo.line(/^eMSP node/))?.[0] ?? '';
    const at = { TMPDIR: older.folder };
    const olderUrl = await urlOf(older);
    await using newer = startCommand(['demo', '--port', '0', '--topology', 'emsp'], at);
    const newerUrl = await urlOf(newer);
    await newer.line(/^by hand/);
    const [found, chosen] = [startCommand(['sessions'], at), startCommand(['sessions', '--url', olderUrl], at)];
    expect(await found.ended).toMatchObject({
      code: 0,
      stderr: `2 demos are running: this is ${newerUrl}, the newest; choose another with --url ${olderUrl}\n`,
    });
    expect(await chosen.ended).toMatchObject({ code: 0, stderr: '' });
    newer.signal('SIGINT');
    expect(await newer.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await startCommand(['sessions'], at).ended).toMatchObject({ code: 0, stderr: '' });
    older.signal('SIGTERM');
    expect(await older.ended).toMatchObject({ code: 0, stderr: '' });
    expect(filesLeft(older.folder)).toEqual([]);
  });
});
