import type { AuditView } from '../data/console-api-types.ts';
import { ListPage } from '../parts/list-page.tsx';
import { Time } from '../parts/time.tsx';
import type { Column } from '../parts/table.tsx';

const byOf = ({ by }: AuditView) => `${by.kind} ${by.name ?? by.id ?? ''}`.trim();

const columns: readonly Column<AuditView>[] = [
  { name: 'When', show: (it) => <Time at={it.at} />, plain: (it) => it.at },
  { name: 'Who', show: byOf, plain: byOf },
  { name: 'Did', show: (it) => it.act.replaceAll('-', ' '), plain: (it) => it.act },
  { name: 'To', show: (it) => it.subject ?? '–', plain: (it) => it.subject },
  { name: 'Said', show: (it) => it.says ?? '–', plain: (it) => it.says },
  {
    name: 'Link',
    show: (it) => (
      <span class="mono soft" title={it.hash}>
        {it.hash.slice(0, 12)}
      </span>
    ),
    plain: (it) => it.hash,
  },
];

/** Who did what at this node; each entry is chained to the one before by its hash. */
export const AuditPage = () => (
  <ListPage<AuditView>
    title="Audit"
    path="audit"
    columns={columns}
    idOf={(it) => String(it.seq)}
    empty="Each act of a person, a key or a command is written down here."
  />
);
