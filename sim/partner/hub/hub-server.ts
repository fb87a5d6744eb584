import type { Clock } from '../../../src/domain/clock.ts';
import { type Random, seeded } from '../../random.ts';
import type { Faults, ModuleName } from '../faults.ts';
import { type PartnerReply, Platform, type Visit } from '../recording-server.ts';
import { type Edition, type Endpoint, Membership, type PartnerRole } from '../registration.ts';

/** One side of a hub: a server with a token of its own, for the one platform that is connected there. */
export interface Side {
  platform: Platform;
  membership: Membership;
  random: Random;
  /** The parties that are connected there. */
  parties(): readonly PartnerRole[];
  /** Where that platform has an interface; absent: nowhere. */
  endpoint(identifier: string, role: Endpoint['role']): string | undefined;
}

export interface SideOptions {
  clock: Clock;
  edition: Edition;
  name: string;
  role: PartnerRole;
  /** What the hub's credentials say on this side beside token and URL (OCPI 2.3.0 §7.3.1). */
  shown: () => object;
  faults?: Faults;
  receive: (side: Side, face: ModuleName, visit: Visit) => PartnerReply | Promise<PartnerReply>;
}

const FUNCTIONAL = ['sessions', 'chargingprofiles'] as const;

/** Opens one side on loopback. A hub has both interfaces of each module, each at an address of its own. */
export async function openSide({ clock, edition, name, role, shown, faults, receive }: SideOptions): Promise<Side> {
  const random = seeded(`hub ${name}`);
  const base = `/hub/${edition}`;
  const platform: Platform = new Platform({
    clock,
    paths: {
      versions: '/hub/versions',
      details: base,
      credentials: `${base}/credentials`,
      locations: `${base}/locations`,
      sessions: `${base}/sessions`,
      tokens: `${base}/tokens`,
      chargingprofiles: `${base}/chargingprofiles`,
      hubclientinfo: `${base}/hubclientinfo`,
      callback: `${base}/results`,
    },
    receive: (face, visit) => enter(face, visit),
    ...(faults && { faults }),
  });
  const both = (identifier: (typeof FUNCTIONAL)[number]) =>
    (['SENDER', 'RECEIVER'] as const).map((it) => ({ identifier, role: it, url: `${platform.url(identifier)}/${it.toLowerCase()}` }));
  const modules = () => [...FUNCTIONAL.flatMap(both), { identifier: 'hubclientinfo', role: 'SENDER' as const, url: platform.url('hubclientinfo') }];
  const membership: Membership = new Membership({ platform, random, edition, role, rawToken: false, modules, shown, extraVersions: [] });
  const enter = async (face: ModuleName, visit: Visit): Promise<PartnerReply> => {
    const configuring = face === 'versions' || face === 'details' || face === 'credentials';
    if (!membership.admits(visit.tokens, { invited: configuring })) return { http: 401, code: 2000 };
    if (face === 'versions') return membership.versions();
    if (face === 'details') return membership.details();
    return face === 'credentials' ? membership.credentials(visit) : receive(side, face, visit);
  };
  const side: Side = {
    platform,
    membership,
    random,
    parties: () => membership.peer?.roles ?? [],
    endpoint: (identifier, interfaceRole) => membership.peer?.endpoints.find((it) => it.identifier === identifier && it.role === interfaceRole)?.url,
  };
  await platform.open();
  return side;
}
