import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MeView } from './console-api-types.ts';

/** The user who is signed in, with the role and the node. */
export type SignedIn = Extract<MeView, { signed_in: true }>;

const nobody: SignedIn = { signed_in: true, name: '', role: 'view', via: 'password', node: { parties: [], public_url: '', version: '' } };
/** Gives the signed-in user to all parts of the page. */
export const UserContext = createContext<SignedIn>(nobody);
/** The user who is signed in. */
export const useUser = (): SignedIn => useContext(UserContext);

type Role = SignedIn['role'];
const RANK: Record<Role, number> = { view: 0, operate: 1, admin: 2 };
/** Whether the user has this role or a higher one: view < operate < admin. */
export const useHasRole = (needed: Role): boolean => RANK[useUser().role] >= RANK[needed];
