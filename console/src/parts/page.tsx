import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { errorText } from '../data/error-text.ts';
import type { Resource } from '../data/resource.ts';
import { text } from '../text/text.ts';
import { ErrorSentence } from './error-sentence.tsx';
import { Link } from './link.tsx';

interface PageProps {
  title: string;
  /** The pages above this one. */
  trail?: readonly { name: string; to: readonly string[] }[];
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A page with its heading, which is the title of the window, too. */
export function Page({ title, trail = [], actions, children }: PageProps) {
  useEffect(() => {
    document.title = text().shell.windowTitle(title);
  }, [title]);
  return (
    <>
      <div class="head">
        <div>
          {trail.length > 0 && (
            <nav class="trail" aria-label={text().page.above}>
              {trail.map(({ name, to }) => (
                <span key={name}>
                  <Link to={to}>{name}</Link> /{' '}
                </span>
              ))}
            </nav>
          )}
          <h1>{title}</h1>
        </div>
        {actions && <div class="row">{actions}</div>}
      </div>
      <div class="stack">{children}</div>
    </>
  );
}

interface CardProps {
  title: string;
  note?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of a page with its own heading. */
export function Card({ title, note, actions, children }: CardProps) {
  return (
    <section class="card" aria-label={title}>
      <div class="card-head">
        <div class="row">
          <h2>{title}</h2>
          {note !== undefined && <span class="small soft">{note}</span>}
        </div>
        {actions && <div class="row">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** Says that there is nothing to show, why, and what to do. */
export const Empty = ({ what, children }: { what: string; children?: ComponentChildren }) => (
  <div class="empty">
    <strong>{what}</strong>
    {children && <span class="small">{children}</span>}
  </div>
);

/** Shown while data is loading. */
export const LoadingPlaceholder = () => (
  <div class="stack" role="status">
    <span class="hidden">{text().page.loading}</span>
    <div class="bone" />
    <div class="bone" />
    <div class="bone" />
  </div>
);

/** Shows a resource once it is loaded, a placeholder before, and an error with a retry when it failed. */
export function Loaded<T>({ of, children }: { of: Resource<T>; children: (value: T) => ComponentChildren }) {
  if (of.value !== undefined) return <>{children(of.value)}</>;
  if (!of.failure) return <LoadingPlaceholder />;
  if (of.failure.status === 404)
    return (
      <Empty what={text().page.notFound}>
        <ErrorSentence of={errorText(of.failure)} />
      </Empty>
    );
  return (
    <div class="said bad" role="alert">
      <p>
        <ErrorSentence of={errorText(of.failure)} />
      </p>
      <button type="button" class="button slim" onClick={of.reload}>
        {text().page.tryAgain}
      </button>
    </div>
  );
}
