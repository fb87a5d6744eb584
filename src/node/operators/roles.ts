/** The roles of console users, which are also the scopes of keys: view, operate, admin. */
export { SCOPES, type Scope } from '../../store/sql/api-key.ts';
