import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LoadingPlaceholder } from './page.tsx';

/** A page that is fetched when it is first shown, so that the first load stays small. */
export function lazyPage<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function LazyPage(props: P) {
    const [Inner, setInner] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (Inner) return;
      load().then(
        (it) => {
          loaded = it;
          setInner(() => it);
        },
        () => setFailed(true),
      );
    }, [Inner]);
    if (Inner) return <Inner {...props} />;
    if (!failed) return <LoadingPlaceholder />;
    return (
      <div class="said bad" role="alert">
        <p>This page could not be fetched. The node may be restarting, or was renewed under you.</p>
        <button type="button" class="button slim" onClick={() => location.reload()}>
          Load again
        </button>
      </div>
    );
  };
}
