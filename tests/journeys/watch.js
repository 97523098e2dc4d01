// What goes wrong behind a page: errors on its console, requests that fail or are refused.

/** The front end asks who is there before it knows; a stranger is nobody. */
const ALWAYS = [{ request: 'GET /api/user', status: 401 }];

/** Watches all pages of a browser, but for the refusals that a journey is about. */
export function watch() {
  const [problems, expected] = [[], []];
  let isOut = false;
  const isExpected = (refusal) => {
    const same = (one) => one.request === refusal.request && one.status === refusal.status;
    const found = expected.find((one) => same(one) && !one.came);
    if (found) found.came = true;
    return Boolean(found) || ALWAYS.some(same);
  };
  return {
    /** Says that a request will be refused once, such as `POST /login` with 422. */
    refusal: (request, status) => expected.push({ request, status, came: false }),

    /** Says that the server is gone from now on. */
    outage: () => (isOut = true),

    over(context) {
      context.on('weberror', (error) => problems.push(`a script fails: ${error.error().stack}`));
      context.on('console', (message) => {
        // Of a refused request the answer itself tells more.
        const isRefusal = message.text().startsWith('Failed to load resource: the server responded');
        const isGone = isOut && message.text().includes('net::ERR_CONNECTION_');
        if (message.type() === 'error' && !isRefusal && !isGone) problems.push(`console: ${message.text()}`);
      });
      context.on('requestfailed', (request) => {
        const why = request.failure()?.errorText;
        // Whoever leaves a page, or picks another beat, wants no answer any more.
        const isWanted = why !== 'net::ERR_ABORTED' && !(isOut && why.startsWith('net::ERR_'));
        if (isWanted) problems.push(`${request.method()} ${request.url()}: ${why}`);
      });
      context.on('response', (answer) => {
        if (answer.status() < 400) return;
        const request = `${answer.request().method()} ${new URL(answer.url()).pathname}`;
        const refusal = { request, status: answer.status() };
        if (!isExpected(refusal)) problems.push(`${request} gave ${answer.status()}`);
      });
    },

    /** All that went wrong, and the refusals that did not come. */
    found: () => [
      ...problems,
      ...expected.filter(({ came }) => !came).map(({ request }) => `${request} was not refused`),
    ],
  };
}
