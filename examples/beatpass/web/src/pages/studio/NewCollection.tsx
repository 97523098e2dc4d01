import { usePageTitle } from '../../ui/usePageTitle';
import { CollectionForm } from './CollectionForm';

export function NewCollection() {
  usePageTitle('New collection');
  return <CollectionForm title="New collection" />;
}
