import { ButtonLink } from '../ui/Button';
import { Empty } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';

export default function Missing() {
  usePageTitle('Not found');
  return (
    <div className="page reading">
      <h1 className="visually-hidden">Not found</h1>
      <Empty title="No such page" action={<ButtonLink to="/">To the start</ButtonLink>}>
        The address leads nowhere: it may be misspelt, or what was there is gone.
      </Empty>
    </div>
  );
}
