import { OPERATOR } from './check-profile-request.ts';

/** A party with a profile on a session, as far as it says how profiles combine. */
export interface CombinedProfile {
  by: string;
  keepsOthers?: true;
}

/** How the profiles of a session combine, and what a set of the operator would replace. */
export interface Combination {
  /** `none`: there is no profile; `one`: one profile applies alone; `lowest`: the lowest limit of several applies at each moment. */
  rule: 'none' | 'one' | 'lowest';
  /** The same for people, with the parties. */
  says: string;
  /** The parties whose profiles a set of the operator drops (`replace`) or keeps (`lower-only`); with any of them a set must say which. */
  replaces: readonly string[];
}

/** The rule that applies to the profiles of one session; the only place that says it, for the API, the console and the command line. */
export function combinationOf(profiles: readonly CombinedProfile[]): Combination {
  const replaces = profiles.filter(({ by }) => by !== OPERATOR).map(({ by }) => by);
  return { rule: profiles.length === 0 ? 'none' : profiles.length === 1 ? 'one' : 'lowest', says: describe(profiles), replaces };
}

function describe(profiles: readonly CombinedProfile[]): string {
  const [one, ...more] = profiles;
  if (!one) return 'no party has a profile here';
  if (more.length > 0) return `the lowest limit of ${profiles.map(nameOf).join(' and ')} applies at each moment`;
  if (one.by !== OPERATOR) return `the profile of ${one.by} applies alone`;
  return one.keepsOthers
    ? 'the profile of the operator applies; other parties may set theirs, and then the lowest limit applies'
    : 'the profile of the operator applies alone, and other parties are refused';
}

const nameOf = ({ by }: CombinedProfile) => (by === OPERATOR ? 'the operator' : by);
