import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Resource } from '../data/resource.ts';
import { Link } from './link.tsx';

interface PageProps {
  title: string;
  /** The steps that lead here, each with its address. */
  trail?: readonly { name: string; to: readonly string[] }[];
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A page: its heading, which is the window's title too, and what it holds. */
export function Page({ title, trail = [], actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Evenkeel`;
  }, [title]);
  return (
    <>
      <div class="head">
        <div>
          {trail.length > 0 && (
            <nav class="trail" aria-label="Where you are">
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

/** A part of a page with a heading of its own. */
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

/** Nothing is there, and why, and what to do about it. */
export const Empty = ({ what, children }: { what: string; children?: ComponentChildren }) => (
  <div class="empty">
    <strong>{what}</strong>
    {children && <span class="small">{children}</span>}
  </div>
);

/** What stands where something is still to come. */
export const LoadingPlaceholder = () => (
  <div class="stack" role="status">
    <span class="hidden">Loading</span>
    <div class="bone" />
    <div class="bone" />
    <div class="bone" />
  </div>
);

/** Shows a resource when it has come, bones before, and the reason with a second try when it did not come. */
export function Loaded<T>({ of, children }: { of: Resource<T>; children: (value: T) => ComponentChildren }) {
  if (of.value !== undefined) return <>{children(of.value)}</>;
  if (!of.failure) return <LoadingPlaceholder />;
  if (of.failure.status === 404) return <Empty what="Not here">{of.failure.message}</Empty>;
  return (
    <div class="said bad" role="alert">
      <p>{of.failure.message}</p>
      <button type="button" class="button slim" onClick={of.reload}>
        Try again
      </button>
    </div>
  );
}
