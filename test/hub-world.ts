import { type Cpo, type CpoOptions, type Emsp, type EmspOptions, type Hub, type HubOptions, openCpo, openEmsp, openHub } from '../sim/partner.ts';
import type { Clock } from '../src/domain/clock.ts';
import type { Node } from '../src/node/node.ts';
import type { Steps } from './steps.ts';

/** The node that a hub is to be connected with. */
interface Place extends Pick<Steps, 'firstStep'> {
  node(): Node;
}

/** A foreign hub, registered at a node, with foreign parties behind it; all of it ends with the test. */
export interface HubWorld extends AsyncDisposable {
  hub: Hub;
  cpo: Cpo;
  emsp: Emsp;
  scsp: Emsp;
  /** One more party behind the hub, known to the node when this resolves. */
  addCpo(options: Partial<CpoOptions>): Promise<Cpo>;
}

export interface HubWorldOptions {
  clock: Clock;
  edition?: NonNullable<HubOptions['edition']>;
  hub?: Partial<HubOptions>;
  cpo?: Partial<CpoOptions>;
  emsp?: Partial<EmspOptions>;
  /** The party of the node that those behind the hub speak to; nobody: open routing. */
  addressee?: () => { country_code: string; party_id: string } | undefined;
  /** Before the hub registers, when its parties are connected already. */
  before?: (behind: Omit<HubWorld, 'addCpo' | keyof AsyncDisposable>) => void | Promise<void>;
}

export const ourParty = { country_code: 'NL', party_id: 'EVK' };

/** Registers a hub at a node by an invitation, as its operator would. */
export async function registerHub(world: Place, hub: Hub): Promise<void> {
  const { country_code, party_id } = hub.role;
  const token = await world.node().registration.invite({ role: 'HUB', country_code, party_id });
  if (!token.ok) throw new Error(token.problem);
  const answer = await hub.register({ token: token.value, versions_url: `${world.node().publicUrl}/ocpi/versions` });
  if (answer.envelope.status_code !== 1000) throw new Error(`registration: ${answer.text}`);
}

export async function openHubWorld(world: Place, options: HubWorldOptions): Promise<HubWorld> {
  const { clock, edition = '2.2.1', addressee = () => ourParty } = options;
  await using stack = new AsyncDisposableStack();
  const hub = stack.use(await openHub({ clock, edition, ...options.hub }));
  const cpo = stack.use(await openCpo({ clock, edition, addressee, ...options.cpo }));
  const emsp = stack.use(await openEmsp({ clock, edition, addressee, ...options.emsp }));
  const scsp = stack.use(await openEmsp({ clock, edition, addressee, role: 'SCSP' }));
  for (const party of [cpo, emsp, scsp]) await hub.connect(party);
  await options.before?.({ hub, cpo, emsp, scsp });
  await registerHub(world, hub);
  await Promise.all([cpo, emsp, scsp].map(({ role }) => known(world, role)));
  const strangers = stack.use(new AsyncDisposableStack());
  const kept = stack.move();
  return {
    hub,
    cpo,
    emsp,
    scsp,
    addCpo: async (more) => {
      const party = strangers.use(await openCpo({ clock, edition, addressee, ...more }));
      await hub.connect(party);
      await hub.announce(party.role, 'CONNECTED');
      return party;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const known = (world: Place, { role, country_code, party_id }: Hub['role']) =>
  world.firstStep('client-info-received', (it) => it.role === role && it.party === `${country_code}*${party_id}`);

/** Where the node takes a message of the hub, below an interface such as `sessions RECEIVER`. */
export function hubUrl(hub: Hub, place: string, ...rest: string[]): string {
  const url = hub.peer().endpoints.find((it) => `${it.identifier} ${it.role}` === place)?.url;
  return [url, ...rest].join('/');
}

/** Who a recorded message says it is for and from. */
export const routingOf = (headers: Readonly<Record<string, string | string[] | undefined>>) => ({
  to: `${headers['ocpi-to-country-code']}*${headers['ocpi-to-party-id']}`,
  from: `${headers['ocpi-from-country-code']}*${headers['ocpi-from-party-id']}`,
});
