// The mailbox of `adyton dev`, read as its page is: `GET /_dev/mail`.

const PATIENCE = 15_000;

/**
 * The newest mail to an address whose subject has these words, and newer than another one if that
 * is given; it may still be under way.
 */
export async function mailTo(api, address, words, another = { id: 0 }) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const answer = await fetch(`${api}/_dev/mail`, { headers: { Accept: 'application/json' } });
    const { mails } = await answer.json();
    const found = mails
      .filter((mail) => mail.to === address && mail.subject.includes(words) && mail.id > another.id)
      .sort((one, other) => other.id - one.id);
    if (found.length > 0) return found[0];
    if (Date.now() > deadline) {
      const there = mails.map((mail) => `${mail.to}: ${mail.subject}`).join('\n  ');
      throw new Error(`no mail to ${address} says "${words}"; there are\n  ${there}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
