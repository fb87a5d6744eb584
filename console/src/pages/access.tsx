import { useRoute } from '../data/route.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { AgreementForms } from '../parts/agreement-forms.tsx';
import { ApiKeys } from '../parts/api-keys.tsx';
import { Claims } from '../parts/claims.tsx';
import { Link } from '../parts/link.tsx';
import { Card, Page } from '../parts/page.tsx';
import { Users } from '../parts/users.tsx';
import { accessText } from '../text/access-text.ts';

const TABS = ['agreements', 'claims', 'keys', 'users'] as const;
type Tab = (typeof TABS)[number];
/** What only an admin may read. */
const FOR_ADMINS: ReadonlySet<Tab> = new Set(['keys', 'users']);
const PARTS = { agreements: AgreementForms, claims: Claims, keys: ApiKeys, users: Users } as const;

/** Who may do what: contracts, consents and held claims of parties, keys and users of the operator. */
export function AccessPage() {
  const { query } = useRoute();
  const texts = accessText().access;
  const isAdmin = useHasRole('admin');
  const tab = TABS.find((it) => it === query.get('tab')) ?? 'agreements';
  const Part = PARTS[tab];
  return (
    <Page title={texts.title}>
      <div class="row">
        {TABS.map((it) => (
          <Link key={it} to={['access']} search={`?tab=${it}`} class="button" aria-current={it === tab ? 'page' : undefined}>
            {texts.tabs[it]}
          </Link>
        ))}
      </div>
      {isAdmin || !FOR_ADMINS.has(tab) ? <Part key={tab} /> : <Card title={texts.notAllowed}>{texts.needsAdmin}</Card>}
    </Page>
  );
}
