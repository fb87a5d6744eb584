import type { ComponentChildren } from 'preact';
import type { KeyView } from '../data/console-api-types.ts';
import { accessText } from '../text/access-text.ts';

type Role = KeyView['scope'];

interface TextFieldProps {
  name: string;
  value: string;
  onChange(value: string): void;
  required?: boolean;
  maxLength?: number;
  pattern?: string;
  title?: string;
  disabled?: boolean;
}
/** A field for text. */
export const TextField = ({ name, onChange, ...rest }: TextFieldProps) => (
  <label class="field">
    <span>{name}</span>
    <input class="input" type="text" autoComplete="off" {...rest} onInput={(event) => onChange(event.currentTarget.value)} />
  </label>
);

/** A field for a date and time in the zone of the viewer. */
export const MomentField = ({ name, value, onChange }: Pick<TextFieldProps, 'name' | 'value' | 'onChange'>) => (
  <label class="field">
    <span>{name}</span>
    <input class="input" type="datetime-local" value={value} onInput={(event) => onChange(event.currentTarget.value)} />
  </label>
);

/** A field for a party, such as NL*SCS. */
export const PartyField = (props: Pick<TextFieldProps, 'name' | 'value' | 'onChange' | 'required'>) => (
  <TextField {...props} pattern="[A-Za-z]{2}\*[A-Za-z0-9]{3}" title={accessText().access.contract.partyHelp} maxLength={6} />
);

interface ChoiceProps<V extends string> {
  name: string;
  value: V;
  choices: Readonly<Record<V, string>>;
  onChange(value: V): void;
}
/** A choice of one among a few. */
export function Choice<V extends string>({ name, value, choices, onChange }: ChoiceProps<V>) {
  const entries = Object.entries<string>(choices);
  const isChoice = (it: string): it is V => Object.hasOwn(choices, it);
  return (
    <label class="field">
      <span>{name}</span>
      <select class="input" value={value} onChange={({ currentTarget: { value: chosen } }) => isChoice(chosen) && onChange(chosen)}>
        {entries.map(([key, label]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The role of a user or the scope of a key. */
export const RoleField = ({ name, value, onChange }: { name: string; value: Role; onChange(value: Role): void }) => (
  <Choice
    name={name}
    value={value}
    onChange={onChange}
    choices={{ view: accessText().access.roles.view, operate: accessText().access.roles.operate, admin: accessText().access.roles.admin }}
  />
);

/** A box to tick. */
export const Tick = ({ checked, onChange, children }: { checked: boolean; onChange(checked: boolean): void; children: ComponentChildren }) => (
  <label class="tick">
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    <span>{children}</span>
  </label>
);

/** A form with a button that sends it. */
export function SendForm({ submit, disabled, onSubmit, children }: { submit: string; disabled: boolean; onSubmit(): void; children: ComponentChildren }) {
  const send = (event: Event) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form class="form" onSubmit={send}>
      {children}
      <div class="row">
        <button type="submit" class="button first" disabled={disabled}>
          {submit}
        </button>
      </div>
    </form>
  );
}

/** The names of a list with commas; undefined when there are none. */
export function namesOfList(typed: string): string[] | undefined {
  const names = typed
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '');
  return names.length > 0 ? names : undefined;
}
