import { Component, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { Button } from './Button';
import { Empty } from './States';

interface Props {
  /** The address that is shown: at another one there is another chance. */
  at: string;
  children: ReactNode;
}

/** A page that could not be loaded or shown, after a new version or without a connection. */
export function Boundary({ children }: { children: ReactNode }) {
  return <Catcher at={useLocation().pathname}>{children}</Catcher>;
}

class Catcher extends Component<Props, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.isBroken && before.at !== this.props.at) this.setState({ isBroken: false });
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div className="page reading" role="alert">
        <h1 className="visually-hidden">This page did not load</h1>
        <Empty title="This page did not load" action={<Button onClick={() => location.reload()}>Load it again</Button>}>
          Your connection may be gone, or BeatPass is newer than what you have open.
        </Empty>
      </div>
    );
  }
}
