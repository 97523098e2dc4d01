import { ButtonLink } from '../../ui/Button';
import { Empty } from '../../ui/States';
import { usePageTitle } from '../../ui/usePageTitle';

/** What is said to whoever has not the role: no more than that. */
export function NotForYou() {
  usePageTitle('Not for you');
  return (
    <div className="page reading">
      <h1 className="visually-hidden">Backstage</h1>
      <Empty title="This is for those who run BeatPass" action={<ButtonLink to="/">To the start</ButtonLink>}>
        Your account has no part in it. If it should, ask somebody who does.
      </Empty>
    </div>
  );
}
