import { useState } from 'react';
import { Link } from 'react-router';
import type { Member } from '../../api/types';
import { date } from '../../format';
import { useSession } from '../../session/Session';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import rows from '../../ui/Rows.module.css';
import { useListParams } from '../../ui/useListParams';
import { usePageTitle } from '../../ui/usePageTitle';
import { AdminList, SearchField } from './AdminList';
import css from './Backstage.module.css';
import { ChangeMember, type Change } from './ChangeMember';

const ROLES = [
  { value: '', label: 'Everybody' },
  { value: 'member', label: 'Members' },
  { value: 'admin', label: 'Administrators' },
];

export function Members() {
  usePageTitle('Members');
  const list = useListParams();
  const [change, setChange] = useState<Change | null>(null);
  const [search, role] = [list.read('search'), list.read('role')];
  return (
    <>
      <AdminList<Member>
        title="Members"
        noun="member"
        path="/admin/users"
        list={list}
        query={{ search: search || undefined, 'filter[role]': role || undefined }}
        keyOf={(member) => member.id}
        row={(member) => <Row member={member} onChange={setChange} />}
        tools={
          <div className={css.tools}>
            <SearchField key={search} label="Name or email" value={search} onSearch={(text) => list.set({ search: text })} />
            <Select label="Role" value={role} onChange={(value) => list.set({ role: value })} options={ROLES} required />
          </div>
        }
      />
      <ChangeMember change={change} onClose={() => setChange(null)} />
    </>
  );
}

function Row({ member, onChange }: { member: Member; onChange: (change: Change) => void }) {
  const { user } = useSession();
  const isAdmin = member.role === 'admin';
  const isMe = member.id === user?.id;
  return (
    <>
      <div className={rows.words}>
        <p className={rows.title}>
          <Link to={`/producers/${member.id}`}>{member.name}</Link>
          {isAdmin && <span className="tag accent">Administrator</span>}
          {member.disabled && <span className="tag bad">Disabled</span>}
          {isMe && <span className="tag">You</span>}
        </p>
        <p className={rows.sub}>{member.email}</p>
      </div>
      <dl className={`${rows.facts} ${css.wideFacts}`}>
        <div>
          <dt>Joined</dt>
          <dd>{member.created_at ? date(member.created_at) : 'Unknown'}</dd>
        </div>
      </dl>
      <div className={`${rows.actions} ${css.actions}`}>
        {/* Nobody takes the ladder away below themselves. */}
        {!isMe && (
          <>
            <Button
              kind="plain"
              size="small"
              onClick={() => onChange({ member, role: isAdmin ? 'member' : 'admin' })}
              label={`${isAdmin ? 'Make member' : 'Make administrator'}: ${member.name}`}
            >
              {isAdmin ? 'Make member' : 'Make administrator'}
            </Button>
            <Button
              kind={member.disabled ? 'plain' : 'danger'}
              size="small"
              onClick={() => onChange({ member, disabled: !member.disabled })}
              label={`${member.disabled ? 'Enable' : 'Disable'} ${member.name}`}
            >
              {member.disabled ? 'Enable' : 'Disable'}
            </Button>
          </>
        )}
      </div>
    </>
  );
}
