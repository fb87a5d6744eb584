import { Link } from '../parts/link.tsx';
import { Card, Empty, Page } from '../parts/page.tsx';

/** The page for an unknown address. */
export const NotFoundPage = () => (
  <Page title="Page not found">
    <Card title="Unknown address">
      <Empty what="There is no page at this address">
        <Link to={[]}>Open the overview</Link>
      </Empty>
    </Card>
  </Page>
);
