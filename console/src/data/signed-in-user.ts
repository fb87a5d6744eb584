import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MeView } from './console-api-types.ts';

export type SignedIn = Extract<MeView, { signed_in: true }>;

const nobody: SignedIn = { signed_in: true, name: '', role: 'view', via: 'password', node: { parties: [], public_url: '', version: '' } };
export const UserContext = createContext<SignedIn>(nobody);
export const useUser = (): SignedIn => useContext(UserContext);

type Role = SignedIn['role'];
const RANK: Record<Role, number> = { view: 0, operate: 1, admin: 2 };
/** Whether the reader may do what needs this role. */
export const useHasRole = (needed: Role): boolean => RANK[useUser().role] >= RANK[needed];
