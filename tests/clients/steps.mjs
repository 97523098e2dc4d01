// The steps of a walk: each is done in order and told in a line; the first that fails ends it.

import assert from 'node:assert/strict';

let count = 0;

/** Does a step, and says so; what it gives is passed on. */
export async function step(name, work) {
  try {
    const result = await work();
    count += 1;
    console.log(`ok ${count} ${name}`);
    return result;
  } catch (error) {
    console.log(`NOT ok ${count + 1} ${name}`);
    console.log(error.stack ?? error);
    process.exit(1);
  }
}

/** Says that all steps are done. */
export function done() {
  console.log(`${count} steps done`);
}

/** A walk that hangs is one that fails. */
export function atMost(seconds) {
  const late = () => {
    console.log(`NOT ok: after ${count} steps nothing more happens within ${seconds} s`);
    process.exit(1);
  };
  setTimeout(late, seconds * 1000).unref();
}

/** What axios gave, refused or not, as long as a script may read it. */
const readable = (request) =>
  request.catch((error) => {
    // An error without CORS headers has no `response`: a front end could not tell what is wrong.
    if (error.response) return error.response;
    throw new Error(`${error.config?.method} ${error.config?.url}: ${error.message}, and no answer`);
  });

/** The answer, which must have this status. */
export async function answered(status, request) {
  const answer = await readable(request);
  assert.equal(answer.status, status, `${shown(answer)}\n${status} was expected`);
  return answer;
}

/** A refusal, as a front end reads it in `catch`: it must have this status, and a message. */
export async function refused(status, request) {
  const answer = await answered(status, request);
  assert.equal(typeof answer.data.message, 'string', shown(answer));
  return answer;
}

/** A 422, with a list of sentences for this field. */
export async function invalid(field, request) {
  const { data } = await refused(422, request);
  assert.equal(typeof data.errors?.[field]?.[0], 'string', JSON.stringify(data));
  return data.errors[field];
}

/** Compares values that were made in a window with values that were made here. */
export function same(actual, expected) {
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), expected);
}

function shown({ status, config, data, headers }) {
  const body = typeof data === 'string' ? data.slice(0, 300) : JSON.stringify(data);
  const why = [headers?.['x-adyton-code'], headers?.['x-adyton-reason']].filter(Boolean).join(': ');
  return `${config?.method?.toUpperCase()} ${config?.url} gave ${status} ${body} ${why}`;
}
