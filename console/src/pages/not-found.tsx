import { Link } from '../parts/link.tsx';
import { Card, Empty, Page } from '../parts/page.tsx';
import { text } from '../text/text.ts';

/** The page for an unknown address. */
export const NotFoundPage = () => (
  <Page title={text().page.unknownTitle}>
    <Card title={text().page.unknownCard}>
      <Empty what={text().page.unknown}>
        <Link to={[]}>{text().page.openOverview}</Link>
      </Empty>
    </Card>
  </Page>
);
