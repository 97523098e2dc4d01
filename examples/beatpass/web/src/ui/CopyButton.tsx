import { Button } from './Button';
import { useToast } from './Toast';

/** Copies a text, and says so. */
export function CopyButton({ text, children }: { text: string; children: string }) {
  const tell = useToast();

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      tell('Copied.');
    } catch {
      tell('Your browser did not let us copy. Mark the text and copy it yourself.', 'bad');
    }
  }

  return (
    <Button kind="plain" size="small" onClick={() => void copy()}>
      {children}
    </Button>
  );
}
