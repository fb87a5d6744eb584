import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../../sim/clock.ts';
import type { Ask } from '../../src/domain/exchange.ts';
import { amperes, epochMillis, seconds } from '../../src/domain/units.ts';
import { drawFlow, type Lane } from '../flow-picture.ts';
import { letTimePass } from '../let-time-pass.ts';
import { arrowsOf, flowOf } from '../recorded-flow.ts';
import { openTopology, type Topology, type TopologyWorld, topologies } from '../topology.ts';

const folder = join(import.meta.dirname, '../../docs/flows');
/** EVENKEEL_DRAW=1 writes new pictures instead of comparing them. */
const draws = process.env.EVENKEEL_DRAW === '1';

const SCSP: Lane = { id: 'SCS', title: 'SCSP NL*SCS' };
const EMSP: Lane = { id: 'MSP', title: 'eMSP NL*MSP' };
const CPO: Lane = { id: 'EVK', title: 'CPO NL*EVK' };
const lanes = { emsp: [EMSP, CPO], relay: [SCSP, EMSP, CPO], 'cpo-scsp': [SCSP, CPO] } as const satisfies Record<Topology, readonly Lane[]>;
const senders = { emsp: 'an eMSP', relay: 'an SCSP through an eMSP', 'cpo-scsp': 'an SCSP at the CPO' } as const satisfies Record<Topology, string>;

const asks: Readonly<Record<'set' | 'get' | 'clear', Ask>> = {
  set: { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } },
  get: { kind: 'get', duration: seconds(600) },
  clear: { kind: 'clear' },
};
const titles = {
  set: 'sets a charging profile',
  change: 'hears that the active charging profile has changed',
  get: 'asks for the active charging profile',
  clear: 'clears its charging profile',
};

/** Returns a function that replaces what differs from run to run: hosts and ports, times, secrets in URLs, and new ids. */
function createStrip({ nodes }: TopologyWorld, sessions: readonly (readonly [string, string])[]): (text: string) => string {
  const hosts = Object.values(nodes).map(({ node, role }) => [node.publicUrl, `https://${role.toLowerCase()}.example`] as const);
  const names = [...hosts, ...sessions];
  return (text) =>
    names
      .reduce((replaced, [from, to]) => replaced.replaceAll(from, to), text)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
      .replace(/\/ocpi\/[\d.]+\/(?:sender|receiver)\//g, '/…/')
      .replace(/chargingprofiles\/(results-of-[a-z-]+\/)[\w-]{22}/g, '$1…');
}

async function record(kind: Topology, clock: VirtualClock): Promise<Readonly<Record<keyof typeof titles, string>>> {
  await using world = await openTopology(kind, { clock });
  const { sender, station, nodes, messages } = world;
  const until = <T>(event: Promise<T>) => letTimePass(clock, event, `${nodes.CPO.node.publicUrl}/health`);
  const { key } = await until(world.charge());
  const [atCpo] = (await nodes.CPO.node.sessions({})).items.map((it) => it.key.split('*').at(-1) ?? '');
  const pseudonym = key.split('*').at(-1) ?? '';
  const strip = createStrip(world, [...spellings(atCpo ?? '', 'S-OF-THE-CPO'), ...spellings(pseudonym, kind === 'relay' ? 'S-OF-THE-SCSP' : 'S-OF-THE-CPO')]);
  const draw = async (useCase: keyof typeof titles, since: number) => {
    await world.settled();
    const flow = flowOf(messages.slice(since), useCase === 'change' ? 'push' : 'request');
    return drawFlow(`${senders[kind]} ${titles[useCase]}`, lanes[kind], arrowsOf(flow, strip));
  };
  const sendAndDraw = async (useCase: keyof typeof asks) => {
    const since = messages.length;
    expect(await until(sender.node.ask(key, asks[useCase], { wait: seconds(15) }))).toMatchObject({ ok: true, value: { state: 'CONFIRMED' } });
    return draw(useCase, since);
  };

  const profilePushed = (limit: number) => sender.firstStep('active-profile-received', ({ profile }) => profile.periods[0]?.limit === limit);
  const set = await sendAndDraw('set');
  await until(profilePushed(10));
  await world.settled();
  const since = messages.length;
  await station.localLimit(1, 7);
  await until(profilePushed(7));
  const change = await draw('change', since);
  return { set, change, get: await sendAndDraw('get'), clear: await sendAndDraw('clear') };
}

/** The spellings of an id: as it is, in lower case, and in upper case. */
const spellings = (id: string, name: string) => [id, id.toLowerCase(), id.toUpperCase()].map((it) => [it, name] as const);

describe('the pictures in docs/flows', () => {
  test.concurrent.each(topologies)('show the messages on the wire (%s)', async (kind) => {
    const pictures = await record(kind, virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9))));
    for (const [useCase, svg] of Object.entries(pictures)) {
      const file = join(folder, `${kind}-${useCase}.svg`);
      if (draws) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, svg);
      }
      expect(svg).toBe(readFileSync(file, 'utf8'));
    }
  });
});
