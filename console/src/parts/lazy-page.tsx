import type { ComponentChild, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { text } from '../text/text.ts';
import { LoadingPlaceholder } from './page.tsx';

/** A page, or a part of one, whose code is loaded when it is first shown, so that the first load stays small. `waiting` is shown until then. */
export function lazyPage<P extends object>(load: () => Promise<ComponentType<P>>, waiting: ComponentChild = <LoadingPlaceholder />): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function LazyPage(props: P) {
    const [Inner, setInner] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (Inner) return;
      load().then(
        (page) => {
          loaded = page;
          setInner(() => page);
        },
        () => setFailed(true),
      );
    }, [Inner]);
    if (Inner) return <Inner {...props} />;
    if (!failed) return <>{waiting}</>;
    return (
      <div class="said bad" role="alert">
        <p>{text().page.notLoaded}</p>
        <button type="button" class="button slim" onClick={() => location.reload()}>
          {text().page.reload}
        </button>
      </div>
    );
  };
}
