import { text } from '../text/text.ts';
import { Time } from './time.tsx';

/** That the station of a session is away, so that its figures are old; nothing while it is connected. */
export const StaleSince = ({ at }: { at: string | undefined }) =>
  at === undefined ? null : <span class="badge warn">{text().session.staleSince(<Time at={at} />)}</span>;
