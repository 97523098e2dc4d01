// For those who run BeatPass: members, beats, purchases, and who was refused what.
import { Route, Routes } from 'react-router';
import { useSession } from '../session/Session';
import { SubNav } from '../ui/SubNav';
import { Beats } from './backstage/Beats';
import { Members } from './backstage/Members';
import { NotForYou } from './backstage/NotForYou';
import { Purchases } from './backstage/Purchases';
import { Refusals } from './backstage/Refusals';
import Missing from './Missing';

const PLACES = [
  { to: '/backstage', name: 'Members' },
  { to: '/backstage/beats', name: 'Beats' },
  { to: '/backstage/purchases', name: 'Purchases' },
  { to: '/backstage/refusals', name: 'Refused attempts' },
];

export default function Backstage() {
  const { user } = useSession();
  if (user?.role !== 'admin') return <NotForYou />;
  return (
    <div className="page stack wide">
      <SubNav label="Backstage" places={PLACES} />
      <Routes>
        <Route index element={<Members />} />
        <Route path="beats" element={<Beats />} />
        <Route path="purchases" element={<Purchases />} />
        <Route path="refusals" element={<Refusals />} />
        <Route path="*" element={<Missing />} />
      </Routes>
    </div>
  );
}
