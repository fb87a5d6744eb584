import { Card, Empty, Page } from '../parts/page.tsx';
import { Link } from '../parts/link.tsx';

/** An address that leads nowhere. */
export const NotFoundPage = () => (
  <Page title="No such page">
    <Card title="Nothing here">
      <Empty what="This address leads nowhere">
        <Link to={[]}>Back to the overview</Link>
      </Empty>
    </Card>
  </Page>
);
