// Stands in for Stripe.js where payments are practised: the same names, as far as a card form uses
// them, and a form of our own. It says so, and it takes Stripe's test cards only.
(() => {
  'use strict';

  const base = new URL('..', document.currentScript.src).href;
  const SAYS = 'Practice: no card is charged. Take a test card such as 4242 4242 4242 4242.';
  const FIELDS = [
    { name: 'number', label: 'Card number', autocomplete: 'cc-number', width: '100%', most: 23 },
    { name: 'expiry', label: 'Expires (MM / YY)', autocomplete: 'cc-exp', width: '8rem', most: 7 },
    { name: 'cvc', label: 'Security code', autocomplete: 'cc-csc', width: '8rem', most: 4 },
  ];
  let forms = 0;

  async function call(path, form) {
    try {
      const answer = await fetch(base + path, {
        method: 'POST',
        credentials: 'omit',
        body: new URLSearchParams(form),
      });
      return await answer.json();
    } catch {
      return { error: { type: 'api_connection_error', message: 'The server does not answer.' } };
    }
  }

  function made(tag, properties, style) {
    const element = Object.assign(document.createElement(tag), properties);
    Object.assign(element.style, style);
    return element;
  }

  class Card {
    constructor() {
      this.number = ++forms;
      this.listeners = {};
      this.inputs = {};
      this.build();
    }

    build() {
      this.form = made('div', {}, { color: 'var(--text, inherit)', font: 'inherit' });
      this.form.setAttribute('role', 'group');
      this.form.setAttribute('aria-label', 'Card');
      this.form.append(made('p', { textContent: SAYS }, { margin: '0 0 .5rem', fontSize: '.875em' }));
      const row = made('div', {}, { display: 'flex', flexWrap: 'wrap', gap: '.75rem' });
      FIELDS.forEach((field) => row.append(this.field(field)));
      this.problem = made('p', { id: `practice-card-${this.number}-error` }, { margin: '.5rem 0 0' });
      this.problem.setAttribute('role', 'alert');
      this.form.append(row, this.problem);
    }

    field({ name, label, autocomplete, width, most }) {
      const id = `practice-card-${this.number}-${name}`;
      const box = made('div', {}, { flex: width === '100%' ? '1 1 100%' : `0 1 ${width}` });
      const text = made('label', { htmlFor: id, textContent: label }, { display: 'block' });
      const input = made(
        'input',
        { id, name, type: 'text', inputMode: 'numeric', autocomplete, maxLength: most, required: true },
        {
          width: '100%',
          boxSizing: 'border-box',
          padding: '.6rem .75rem',
          font: 'inherit',
          color: 'var(--text, inherit)',
          background: 'var(--surface, Field)',
          border: '1px solid var(--field-line, GrayText)',
          borderRadius: '.375rem',
          accentColor: 'var(--accent, auto)',
        },
      );
      input.setAttribute('aria-describedby', `practice-card-${this.number}-error`);
      input.addEventListener('input', () => this.changed(name));
      input.addEventListener('focus', () => this.tell('focus'));
      input.addEventListener('blur', () => this.tell('blur'));
      this.inputs[name] = input;
      box.append(text, input);
      return box;
    }

    changed(name) {
      const input = this.inputs[name];
      if (name === 'number') {
        const digits = input.value.replace(/\D/g, '').slice(0, 19);
        input.value = digits.replace(/(.{4})(?=.)/g, '$1 ');
      }
      if (name === 'expiry' && /^\d{3,4}$/.test(input.value)) {
        input.value = `${input.value.slice(0, 2)} / ${input.value.slice(2)}`;
      }
      this.show(null);
      this.tell('change', {
        empty: Object.values(this.inputs).every((input) => !input.value),
        complete: this.isComplete(),
        error: undefined,
        elementType: 'card',
      });
    }

    isComplete() {
      const { number, expiry, cvc } = this.inputs;
      const digits = number.value.replace(/\D/g, '').length;
      return digits >= 15 && /^\d\d\s*\/\s*\d\d$/.test(expiry.value) && /^\d{3,4}$/.test(cvc.value);
    }

    show(error) {
      this.problem.textContent = error ? error.message : '';
      Object.values(this.inputs).forEach((input) => {
        input.setAttribute('aria-invalid', error ? 'true' : 'false');
      });
    }

    details() {
      const { number, expiry, cvc } = this.inputs;
      const [month = '', year = ''] = expiry.value.split('/').map((part) => part.trim());
      return {
        'card[number]': number.value.replace(/\D/g, ''),
        'card[exp_month]': month,
        'card[exp_year]': year,
        'card[cvc]': cvc.value,
      };
    }

    tell(name, event = {}) {
      (this.listeners[name] || []).forEach((listener) => listener(event));
    }

    on(name, listener) {
      (this.listeners[name] ||= []).push(listener);
      return this;
    }

    off(name, listener) {
      this.listeners[name] = (this.listeners[name] || []).filter((known) => known !== listener);
      return this;
    }

    mount(place) {
      const element = typeof place === 'string' ? document.querySelector(place) : place;
      if (!element) {
        throw new Error('There is no such element to mount the card to.');
      }
      element.replaceChildren(this.form);
      queueMicrotask(() => this.tell('ready'));
      return this;
    }

    unmount() {
      this.form.remove();
      return this;
    }

    destroy() {
      this.clear();
      this.listeners = {};
      this.form.remove();
    }

    update() {
      return this;
    }

    clear() {
      Object.values(this.inputs).forEach((input) => {
        input.value = '';
      });
      this.show(null);
      return this;
    }

    focus() {
      this.inputs.number.focus();
      return this;
    }

    blur() {
      Object.values(this.inputs).forEach((input) => input.blur());
      return this;
    }
  }

  // What a bank's own page does: it asks whether it is the card's owner who pays.
  function askOwner() {
    return new Promise((resolve) => {
      const dialog = made('dialog', {}, {
        color: 'var(--text, CanvasText)',
        background: 'var(--surface, Canvas)',
        border: '1px solid var(--field-line, GrayText)',
        borderRadius: '.5rem',
        padding: '1.25rem',
        maxWidth: '22rem',
      });
      const title = made('h2', { id: 'practice-bank', textContent: 'Practice bank' }, { margin: '0' });
      dialog.setAttribute('aria-labelledby', title.id);
      const says = made('p', { textContent: 'Is it you who pays? No bank is asked, and nothing is charged.' });
      const yes = made('button', { type: 'button', textContent: 'Yes, it is me' }, { font: 'inherit' });
      const no = made('button', { type: 'button', textContent: 'No' }, { font: 'inherit', marginLeft: '.75rem' });
      const end = (isOwner) => {
        dialog.close();
        dialog.remove();
        resolve(isOwner);
      };
      yes.addEventListener('click', () => end(true));
      no.addEventListener('click', () => end(false));
      dialog.addEventListener('cancel', () => end(false));
      dialog.append(title, says, yes, no);
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  async function handleNextAction(key, { clientSecret }) {
    const id = clientSecret.split('_secret_')[0];
    const success = await askOwner();
    const answer = await call(`v1/payment_intents/${id}/authenticate`, {
      key,
      client_secret: clientSecret,
      success,
    });
    return answer.error ? { error: answer.error } : { paymentIntent: answer };
  }

  async function createPaymentMethod(key, { type, card }) {
    const form = { key, type, ...card.details() };
    const answer = await call('v1/payment_methods', form);
    if (answer.error) {
      card.show(answer.error);
      return { error: answer.error };
    }
    return { paymentMethod: answer };
  }

  window.Stripe = (key) => ({
    elements: () => ({ create: () => new Card(), getElement: () => null }),
    createPaymentMethod: (asked) => createPaymentMethod(key, asked),
    handleNextAction: (asked) => handleNextAction(key, asked),
    handleCardAction: (clientSecret) => handleNextAction(key, { clientSecret }),
  });
})();
