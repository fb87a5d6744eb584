import type { AuditView } from '../data/console-api-types.ts';
import { actionLabel, labelOf } from '../data/labels.ts';
import { useRoute } from '../data/route.ts';
import { ListPage } from '../parts/list-page.tsx';
import { NodeText } from '../parts/node-text.tsx';
import { Toggle } from '../parts/search.tsx';
import type { Column } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Texts } from '../text/en.ts';
import { text } from '../text/text.ts';

const actorOf = ({ by }: AuditView) => `${labelOf(by.kind)} ${by.name ?? by.id ?? ''}`.trim();

const columnsOf = ({ columns }: Texts['audit']): readonly Column<AuditView>[] => [
  { name: columns.time, show: (it) => <Time at={it.at} />, plain: (it) => it.at },
  { name: columns.actor, show: actorOf, plain: actorOf },
  { name: columns.action, show: (it) => actionLabel(it.act), plain: (it) => it.act },
  { name: columns.subject, show: (it) => it.subject ?? '–', plain: (it) => it.subject },
  { name: columns.details, show: (it) => (it.says === undefined ? '–' : <NodeText>{it.says}</NodeText>), plain: (it) => it.says },
  {
    name: columns.hash,
    show: (it) => (
      <span class="mono soft" title={it.hash}>
        {it.hash.slice(0, 12)}
      </span>
    ),
    plain: (it) => it.hash,
  },
];

/** The audit: who did what at this node. The hash of each entry covers the entry before it. */
export function AuditPage() {
  const { query } = useRoute();
  const { audit } = text();
  return (
    <ListPage<AuditView>
      title={audit.title}
      path="audit"
      columns={columnsOf(audit)}
      idOf={(it) => String(it.seq)}
      filterNames={['by']}
      filters={<Toggle name={audit.mine} parameter="by" value="me" on={query.get('by') === 'me'} />}
      empty={audit.empty}
    />
  );
}
