// Where producers work: how it goes, their beats, their collections.
import { Route, Routes, useLocation } from 'react-router';
import { ButtonLink } from '../../ui/Button';
import { SubNav } from '../../ui/SubNav';
import { Upload as UploadIcon } from '../../ui/icons';
import Missing from '../Missing';
import { Beats } from './Beats';
import { Collections } from './Collections';
import { EditBeat } from './EditBeat';
import { EditCollection } from './EditCollection';
import { NewCollection } from './NewCollection';
import { Overview } from './Overview';
import { Upload } from './Upload';

const PLACES = [
  { to: '/studio', name: 'Overview' },
  { to: '/studio/beats', name: 'My beats' },
  { to: '/studio/collections', name: 'Collections' },
];

export default function Studio() {
  const { pathname } = useLocation();
  return (
    <div className="page stack wide">
      <SubNav label="Studio" places={PLACES}>
        {pathname !== '/studio/upload' && (
          <ButtonLink to="/studio/upload" size="small">
            <UploadIcon size={17} />
            Upload a beat
          </ButtonLink>
        )}
      </SubNav>
      <Routes>
        <Route index element={<Overview />} />
        <Route path="beats" element={<Beats />} />
        <Route path="beats/:id" element={<EditBeat />} />
        <Route path="upload" element={<Upload />} />
        <Route path="collections" element={<Collections />} />
        <Route path="collections/new" element={<NewCollection />} />
        <Route path="collections/:id" element={<EditCollection />} />
        <Route path="*" element={<Missing />} />
      </Routes>
    </div>
  );
}
