import type { AgreementChanges } from '../../rights/change-agreements.ts';
import type { ContractView } from './schemas.ts';

/** All contracts, each with whether its party is halted. */
export async function viewContracts(agreements: AgreementChanges): Promise<ContractView[]> {
  const halted = new Set(await agreements.halted());
  return (await agreements.contracts()).map(({ may, locations, evses, ...it }) => ({
    ...it,
    may: may.filter((right) => right === 'see' || right === 'control'),
    ...(locations && { locations: [...locations] }),
    ...(evses && { evses: [...evses] }),
    halted: halted.has(it.party),
  }));
}
