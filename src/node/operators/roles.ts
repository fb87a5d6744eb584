/** What somebody may do: the roles of people and the scopes of keys. */
export { SCOPES, type Scope } from '../../store/sql/api-key.ts';
