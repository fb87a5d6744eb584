import type { AuditView } from '../data/console-api-types.ts';
import { actionLabel } from '../data/labels.ts';
import { ListPage } from '../parts/list-page.tsx';
import type { Column } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';

const actorOf = ({ by }: AuditView) => `${by.kind} ${by.name ?? by.id ?? ''}`.trim();

const columns: readonly Column<AuditView>[] = [
  { name: 'Time', show: (it) => <Time at={it.at} />, plain: (it) => it.at },
  { name: 'Actor', show: actorOf, plain: actorOf },
  { name: 'Action', show: (it) => actionLabel(it.act), plain: (it) => it.act },
  { name: 'Subject', show: (it) => it.subject ?? '–', plain: (it) => it.subject },
  { name: 'Details', show: (it) => it.says ?? '–', plain: (it) => it.says },
  {
    name: 'Chain hash',
    show: (it) => (
      <span class="mono soft" title={it.hash}>
        {it.hash.slice(0, 12)}
      </span>
    ),
    plain: (it) => it.hash,
  },
];

/** The audit: who did what at this node. The hash of each entry covers the entry before it. */
export const AuditPage = () => (
  <ListPage<AuditView>
    title="Audit"
    path="audit"
    columns={columns}
    idOf={(it) => String(it.seq)}
    empty="Each action of a user, an API key, a command or the node itself is recorded here."
  />
);
