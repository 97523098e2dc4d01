import type { PaymentSettings } from '../../api/types';
import { IconButton } from '../../ui/Button';
import { useToast } from '../../ui/Toast';
import { Copy } from '../../ui/icons';
import css from './Checkout.module.css';

/** In test mode nobody pays: these are the numbers to try it with. */
export function TestCards({ cards }: { cards: NonNullable<PaymentSettings['test_cards']> }) {
  const tell = useToast();

  function copy(number: string) {
    navigator.clipboard.writeText(number).then(
      () => tell('Copied.'),
      () => tell('Your browser did not let it be copied.', 'bad'),
    );
  }

  return (
    <div className={css.test}>
      <p>
        <strong>Test mode: nobody is charged.</strong>
      </p>
      <p className="small">Use one of these numbers, with any date to come and any three digits.</p>
      <ul className="plain">
        {cards.map((card) => (
          <li key={card.number}>
            <span>
              <code>{card.number}</code>
              <span className="small"> {card.behavior}</span>
            </span>
            <IconButton label={`Copy ${card.number}`} onClick={() => copy(card.number)}>
              <Copy size={16} />
            </IconButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
