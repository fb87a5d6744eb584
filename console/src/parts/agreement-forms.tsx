import { useState } from 'preact/hooks';
import type { ContractView } from '../data/console-api-types.ts';
import { useResource } from '../data/resource.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { accessText } from '../text/access-text.ts';
import { text } from '../text/text.ts';
import { ConsentForm } from './consent-form.tsx';
import { Consents } from './consents.tsx';
import { ContractForm } from './contract-form.tsx';
import { ContractTable } from './contracts.tsx';
import { Card, Loaded } from './page.tsx';

/** All contracts and consents, each with a form that adds one. */
export function AgreementForms() {
  const { access } = accessText();
  const { contract } = text();
  const isAdmin = useHasRole('admin');
  const contracts = useResource<{ items: ContractView[] }>('contracts', undefined, { everySeconds: 30 });
  const [recorded, setRecorded] = useState(0);
  const onRecorded = () => {
    setRecorded(recorded + 1);
    contracts.reload();
  };
  return (
    <>
      {!isAdmin && <p class="said">{access.needsAdmin}</p>}
      <Card title={contract.plural}>
        <Loaded of={contracts}>{({ items }) => <ContractTable contracts={items} none={contract.without} onDone={contracts.reload} />}</Loaded>
      </Card>
      <Consents key={recorded} />
      <div class="two">
        <Card title={access.contract.add}>
          <ContractForm onDone={contracts.reload} />
        </Card>
        <Card title={access.consent.add}>
          <ConsentForm onDone={onRecorded} />
        </Card>
      </div>
    </>
  );
}
