import { type Cpo, type CpoOptions, type Emsp, type EmspOptions, type Hub, type HubOptions, openCpo, openEmsp, openHub } from '../sim/partner.ts';
import type { Clock } from '../src/domain/clock.ts';
import type { Node } from '../src/node/node.ts';
import type { Steps } from './steps.ts';

/** The world of the node that the hub registers at. */
interface NodeWorld extends Pick<Steps, 'nextStep'> {
  node(): Node;
}

/** A hub that is registered at a node, with three parties behind it. Disposing ends all of them. */
export interface HubWorld extends AsyncDisposable {
  hub: Hub;
  cpo: Cpo;
  emsp: Emsp;
  scsp: Emsp;
  /** Connects one more CPO to the hub; resolves when the node has received its client info. */
  addCpo(options: Partial<CpoOptions>): Promise<Cpo>;
}

/** The clock is that of the node; everything else has a default. */
export interface HubWorldOptions {
  clock: Clock;
  edition?: NonNullable<HubOptions['edition']>;
  hub?: Partial<HubOptions>;
  cpo?: Partial<CpoOptions>;
  emsp?: Partial<EmspOptions>;
  /** The party that messages of the parties behind the hub are addressed to; undefined: open routing. */
  addressee?: () => { country_code: string; party_id: string } | undefined;
  /** Runs before the hub registers, when its parties are already connected. */
  before?: (hubWorld: Omit<HubWorld, 'addCpo' | keyof AsyncDisposable>) => void | Promise<void>;
}

/** The party of the node in both worlds. */
export const ourParty = { country_code: 'NL', party_id: 'EVK' };

/** Registers a hub at a node with an invitation. */
export async function registerHub(world: NodeWorld, hub: Hub): Promise<void> {
  const { country_code, party_id } = hub.role;
  const token = await world.node().registration.invite({ role: 'HUB', country_code, party_id });
  if (!token.ok) throw new Error(token.problem);
  const answer = await hub.register({ token: token.value, versions_url: `${world.node().publicUrl}/ocpi/versions` });
  if (answer.envelope.status_code !== 1000) throw new Error(`registration: ${answer.text}`);
}

/** Opens a hub with an eMSP, a CPO and an SCSP behind it, and registers it at the node. */
export async function openHubWorld(world: NodeWorld, options: HubWorldOptions): Promise<HubWorld> {
  const { clock, edition = '2.2.1', addressee = () => ourParty } = options;
  await using stack = new AsyncDisposableStack();
  const hub = stack.use(await openHub({ clock, edition, ...options.hub }));
  const cpo = stack.use(await openCpo({ clock, edition, addressee, ...options.cpo }));
  const emsp = stack.use(await openEmsp({ clock, edition, addressee, ...options.emsp }));
  const scsp = stack.use(await openEmsp({ clock, edition, addressee, role: 'SCSP' }));
  for (const party of [cpo, emsp, scsp]) await hub.connect(party);
  await options.before?.({ hub, cpo, emsp, scsp });
  const received = [cpo, emsp, scsp].map(({ role }) => clientInfoReceived(world, role));
  await registerHub(world, hub);
  await Promise.all(received);
  const added = stack.use(new AsyncDisposableStack());
  const kept = stack.move();
  return {
    hub,
    cpo,
    emsp,
    scsp,
    addCpo: async (more) => {
      const party = added.use(await openCpo({ clock, edition, addressee, ...more }));
      await hub.connect(party);
      await hub.announce(party.role, 'CONNECTED');
      return party;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const clientInfoReceived = (world: NodeWorld, { role, country_code, party_id }: Hub['role']) =>
  world.nextStep('client-info-received', (it) => it.role === role && it.party === `${country_code}*${party_id}`);

/** The URL at the node for messages of the hub: an interface such as `sessions RECEIVER`, and the path below it. */
export function hubUrl(hub: Hub, endpoint: string, ...path: string[]): string {
  const url = hub.peer().endpoints.find((it) => `${it.identifier} ${it.role}` === endpoint)?.url;
  return [url, ...path].join('/');
}

/** The OCPI routing headers of a recorded message, as party keys. */
export const routingOf = (headers: Readonly<Record<string, string | string[] | undefined>>) => ({
  to: `${headers['ocpi-to-country-code']}*${headers['ocpi-to-party-id']}`,
  from: `${headers['ocpi-from-country-code']}*${headers['ocpi-from-party-id']}`,
});
