import type { Street, StreetStation } from '../../../sim/index.ts';
import type { Node, Result, Trouble, TroubleAct, TroubleView } from '../../node/index.ts';
import type { DemoSite, Driver } from './locations.ts';
import { DELAY, type SlowParty } from './slow-party.ts';

/** The simulated world around the CPO of a demo. */
export interface TroubledWorld {
  /** Undefined while the demo starts. */
  cpo: Node | undefined;
  /** The streets that have opened. */
  streets: Street[];
  stations: readonly StreetStation[];
  drivers: readonly Driver[];
  parties: readonly SlowParty[];
  sites: readonly DemoSite[];
  /** The limits in A that are imposed on sites now, also by other ways; kept by `followLimits`. */
  imposed: Map<string, number>;
  /** Prints what an operator did; `at`: a station or EVSE, if it is about one. */
  report(what: string, of: string): void;
}

const done: Result<unknown> = { ok: true, value: undefined };
const fail = (problem: string): Result<never> => ({ ok: false, problem });

/** Lets an operator trouble the world of a demo. Acts go through the wire or the simulators, so that the node sees what a real one would. */
export function createTrouble(world: TroubledWorld): Trouble {
  const stationOf = (id: string) => world.streets.flatMap(({ stations }) => stations).find((it) => it.id === id);

  async function limitSite(name: string, share: 'half' | 'all'): Promise<Result<unknown>> {
    const site = world.sites.find((it) => it.name === name);
    if (!site || !world.cpo) return fail(`no site ${name} in this demo`);
    return world.cpo.imposeLimit(site.name, share === 'half' ? { a: site.fuse / 2 } : undefined);
  }

  function changeStation(id: string, act: 'cut' | 'connect' | 'reboot'): Result<unknown> {
    const station = stationOf(id);
    if (!station) return fail(`no station ${id} in this demo`);
    if (act === 'connect' && station.connected) return fail(`${id} is connected`);
    if (act !== 'connect' && !station.connected) return fail(`${id} is not connected`);
    if (act === 'cut') station.drop();
    // The station itself tries again when a connection fails.
    else void (act === 'connect' ? station.reconnect() : station.reboot({ transactions: 'resume' })).catch(() => undefined);
    return done;
  }

  function delayParty(name: string, delayed: boolean): Result<unknown> {
    const party = world.parties.find((it) => it.party === name);
    if (!party) return fail(`no party ${name} in this demo`);
    party.delayed = delayed;
    return done;
  }

  async function run(act: TroubleAct, of: string): Promise<Result<unknown>> {
    switch (act) {
      case 'cut':
      case 'connect':
      case 'reboot':
        return changeStation(of, act);
      case 'leave':
        return world.streets.some((street) => street.leave(of)) ? done : fail(`no car is at EVSE ${of}`);
      case 'delay':
      case 'hurry':
        return delayParty(of, act === 'delay');
      case 'halve':
      case 'restore':
        return limitSite(of, act === 'halve' ? 'half' : 'all');
      default:
        return act satisfies never;
    }
  }

  return {
    cause: async (act, of) => {
      const caused = await run(act, of);
      if (caused.ok) world.report(SENTENCES[act](of), of);
      return caused;
    },
    view: () => viewWorld(world),
  };
}

const SENTENCES: Readonly<Record<TroubleAct, (of: string) => string>> = {
  cut: (of) => `cuts the connection of ${of}`,
  connect: (of) => `connects ${of} again`,
  reboot: (of) => `restarts ${of}`,
  leave: (of) => `lets the car at ${of} leave`,
  delay: (of) => `delays the answers of ${of} by ${DELAY} s`,
  hurry: (of) => `ends the delay of ${of}`,
  halve: (of) => `halves the fuse of ${of}`,
  restore: (of) => `restores the fuse of ${of}`,
};

function viewWorld(world: TroubledWorld): TroubleView {
  const faults = new Map(world.stations.map(({ id, fault }) => [id, fault]));
  const names = new Map(world.drivers.map(({ uid, name }) => [uid, name]));
  return {
    stations: world.streets
      .flatMap(({ stations }) => stations)
      .map(({ id, connected }) => {
        const fault = faults.get(id);
        return { id, connected, ...(fault && { fault }) };
      }),
    cars: world.streets
      .flatMap((street) => street.visitors())
      .map(({ evse, token }) => {
        const driver = token && names.get(token.uid);
        return { evse, ...(driver !== undefined && { driver }) };
      }),
    parties: world.parties.map((it) => ({ party: it.party, name: it.name, delay: it.delay(), delayed: it.delayed })),
    sites: world.sites.map(({ name, fuse }) => {
      const now = Math.min(fuse, world.imposed.get(name) ?? fuse);
      return { name, fuse: now, halved: now < fuse };
    }),
    delay: DELAY,
  };
}

/** Keeps the imposed limits of the world as the CPO notes them. */
export function followLimits(world: TroubledWorld, cpo: Node): void {
  cpo.journal.onStep((step) => {
    if (step.step !== 'site-limit-imposed' || step.node !== step.site) return;
    const limit = step.limit?.a;
    if (limit === undefined) world.imposed.delete(step.site);
    else world.imposed.set(step.site, limit);
  });
}
