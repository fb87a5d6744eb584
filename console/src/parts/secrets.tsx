import { accessText } from '../text/access-text.ts';
import { Copyable } from './copyable.tsx';

/** A secret that the node has just made, and its label. */
export interface ShownOnce {
  name: string;
  value: string;
}

/** Secrets that the node shows once, with a button that hides them. */
export const Secrets = ({ of, onHide }: { of: readonly ShownOnce[]; onHide(): void }) =>
  of.length === 0 ? null : (
    <div class="form">
      {of.map((it) => (
        <Copyable key={it.value} {...it} />
      ))}
      <div class="row">
        <button type="button" class="button slim" onClick={onHide}>
          {accessText().access.hide}
        </button>
      </div>
    </div>
  );
