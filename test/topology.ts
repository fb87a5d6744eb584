import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCar, type ChargePoint, plugInStation, realClock, type Traits } from '../sim/index.ts';
import type { Clock } from '../src/domain/clock.ts';
import { amperes, volts } from '../src/domain/units.ts';
import type { SessionView } from '../src/node/api/sessions/schemas.ts';
import { parseConfig } from '../src/node/config/config-file.ts';
import { createNode, type Node } from '../src/node/node.ts';
import { describedInYaml } from './described-location.ts';
import { freePorts } from './free-ports.ts';
import { openRecording, type RecordedMessage } from './recording-proxy.ts';
import { recordSteps, type Steps } from './steps.ts';
import { countStoreCalls } from './store-calls.ts';
import { badge, databaseFor, type StoreKind } from './world.ts';

/** The three topologies of the ChargingProfiles module (OCPI 2.2.1 §14.1): the eMSP itself, an SCSP through the eMSP, an SCSP at the CPO. */
export const topologies = ['emsp', 'relay', 'cpo-scsp'] as const;
/** The name of a topology. */
export type Topology = (typeof topologies)[number];

const PASSWORD = '0123456789abcdef';
const PARTIES = { CPO: 'EVK', EMSP: 'MSP', SCSP: 'SCS' } as const;
/** The role of a node in a topology. */
export type Role = keyof typeof PARTIES;

/** Further YAML for the configuration of a node: contracts and consents of the topology. */
const EXTRAS: Readonly<Record<Topology, Partial<Record<Role, string>>>> = {
  emsp: {},
  relay: {
    EMSP: `
contracts: [{ party: NL*SCS, may: [see, control], tokens_of: NL*MSP }]
consents: [{ token: DEADBEEF, party: NL*SCS, purpose: smart_charging, text_version: "1", given_at: 2026-01-01T00:00:00Z }]`,
  },
  'cpo-scsp': {
    CPO: `
contracts: [{ party: NL*SCS, may: [see, control], locations: [LOC1] }]
consents: [{ token: "*", party: NL*SCS, purpose: smart_charging, text_version: terms-7, given_at: 2026-01-01T00:00:00Z }]`,
  },
};
const CHARGE_POINT = `
ocpp: { port: 0, security_profile: 1 }
charge_points:
  - id: CP-201
    password: ${PASSWORD}
    location_id: LOC1
    evses: [{ uid: CP-201-1, evse_id: 1, connector_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }]
${describedInYaml('LOC1')}
tokens:
  - { uid: DEADBEEF, type: RFID, country_code: NL, party_id: MSP, contract_id: NL-MSP-C0001 }`;

/** One node with its recorded steps. */
export interface TopologyNode extends Steps {
  node: Node;
  role: Role;
}

/** The nodes of a topology, connected over recording proxies, with one charge point. Disposing ends all of them. */
export interface TopologyWorld extends AsyncDisposable {
  kind: Topology;
  nodes: Readonly<Record<Role, TopologyNode>>;
  /** The node that sends the charging profiles. */
  sender: TopologyNode;
  station: ChargePoint;
  /** Plugs a car in; resolves with the session as the sender knows it. */
  charge(): Promise<SessionView>;
  /** The recorded messages between two parties, in order. */
  between(one: Role, other: Role): readonly RecordedMessage[];
  messages: readonly RecordedMessage[];
  /** Resolves when every request that has arrived is answered. */
  settled(): Promise<void>;
}

/** Without options: SQLite, the machine's clock, a charge point without quirks, the contracts and consents of the topology. */
export interface TopologyOptions {
  store?: StoreKind;
  clock?: Clock;
  traits?: Partial<Traits>;
  /** Further YAML for the configuration of a node, in place of its contracts and consents. */
  extras?: Partial<Record<Role, string>>;
}

/** Starts the three nodes, registers them at each other, and connects the charge point. */
export async function openTopology(kind: Topology, options: TopologyOptions = {}): Promise<TopologyWorld> {
  const { store = 'sqlite', clock = realClock() } = options;
  await using stack = new AsyncDisposableStack();
  const recording = openRecording();
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-topology-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));

  async function open(role: Role): Promise<TopologyNode> {
    const [port = 0] = await freePorts(1);
    const { url } = stack.use(await recording.openProxy(PARTIES[role], port));
    const text = `
listen: { port: ${port} }
public_url: ${url}
database: ${await databaseFor(store, stack)}
key_file: ${join(folder, `${role}.key`)}
insecure_http: true
parties: [{ role: ${role}, country_code: NL, party_id: ${PARTIES[role]}, name: ${role} }]
${role === 'CPO' ? CHARGE_POINT : ''}${options.extras?.[role] ?? EXTRAS[kind][role] ?? ''}`;
    const config = parseConfig(text);
    if (!config.ok) throw new Error(JSON.stringify(config.problem));
    const recorder = recordSteps();
    const node = recorder.follow(stack.use(await createNode(config.value, { clock, aroundStore: countStoreCalls() })));
    return { ...recorder, node, role };
  }

  const nodes = { CPO: await open('CPO'), EMSP: await open('EMSP'), SCSP: await open('SCSP') };
  await connect(nodes.EMSP, nodes.CPO);
  if (kind !== 'emsp') await connect(nodes.SCSP, kind === 'relay' ? nodes.EMSP : nodes.CPO);
  const station = stack.use(
    await plugInStation({
      id: 'CP-201',
      password: PASSWORD,
      version: '2.0.1',
      evses: [{ evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) }],
      url: `ws://127.0.0.1:${nodes.CPO.node.ocppPort}/ocpp`,
      clock,
      ...(options.traits && { traits: options.traits }),
    }),
  );
  const sender = kind === 'emsp' ? nodes.EMSP : nodes.SCSP;
  const everything = stack.move();
  return {
    kind,
    nodes,
    sender,
    station,
    messages: recording.messages,
    settled: recording.settled,
    charge: async () => {
      const received = sender.nextStep('session-received', ({ status }) => status === 'ACTIVE');
      await station.plugIn(1, { car: buildCar(), idToken: badge });
      const { session } = await received;
      const { items } = await sender.node.sessions({ status: 'ACTIVE' });
      return items.find(({ key }) => key === session) ?? Promise.reject(new Error(`${session} is not listed`));
    },
    between: (one, other) => recording.messages.filter((it) => isBetween(it, PARTIES[one], PARTIES[other])),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

/** Registers one node at another with an invitation. */
async function connect(one: TopologyNode, other: TopologyNode): Promise<void> {
  const invited = await other.node.registration.invite({ role: one.role, country_code: 'NL', party_id: PARTIES[one.role] });
  if (!invited.ok) throw new Error(invited.problem);
  const registered = await one.node.registration.register(`${other.node.publicUrl}/ocpi/versions`, invited.value);
  if (!registered.ok) throw new Error(registered.problem);
}

/** Compares the OCPI routing headers; messages of credentials and versions have none, and are left out. */
function isBetween({ to, headers }: RecordedMessage, one: string, other: string): boolean {
  const from = headers['ocpi-from-party-id'];
  return (to === one && from === other) || (to === other && from === one);
}
