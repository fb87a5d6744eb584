import { fold } from '../../domain/ids.ts';
import type { Site } from '../config/read-sites.ts';
import type { SiteBalance } from './site-balance.ts';

/** What a new configuration of the sites changed. */
export interface ReplacedBalances {
  added: readonly SiteBalance[];
  ended: readonly SiteBalance[];
  /** The balances of EVSEs before, by folded uid. */
  before: ReadonlyMap<string, SiteBalance>;
}

/** The balances of all sites, by the EVSEs that they limit. */
export class SiteBalances {
  readonly #create: (site: Site) => SiteBalance;
  /** By folded uid. */
  #byEvse: ReadonlyMap<string, SiteBalance> = new Map();

  constructor(create: (site: Site) => SiteBalance) {
    this.#create = create;
  }

  /** Whether no site limits an EVSE. */
  get isEmpty(): boolean {
    return this.#byEvse.size === 0;
  }

  /** The balance of an EVSE; undefined when no site limits it. */
  of(evseUid: string): SiteBalance | undefined {
    return this.#byEvse.get(fold(evseUid));
  }

  /** One balance for each site. */
  all(): readonly SiteBalance[] {
    return [...new Set(this.#byEvse.values())];
  }

  /** Balances these sites from now on: those that are as before go on, the others end or are new. The new ones are not started yet. */
  replace(sites: readonly Site[]): ReplacedBalances {
    const before = this.#byEvse;
    const kept = this.all().filter((it) => sites.some((site) => it.isOf(site)));
    const ended = this.all().filter((it) => !kept.includes(it));
    for (const it of ended) it.end();
    const added = sites.filter((site) => !kept.some((it) => it.isOf(site))).map(this.#create);
    this.#byEvse = new Map([...kept, ...added].flatMap((it) => [...it.state.numbers.keys()].map((uid) => [uid, it])));
    return { added, ended, before };
  }
}
