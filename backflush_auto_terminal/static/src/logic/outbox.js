/**
 * Reports on their way: each is kept on the device before it is sent, and until the server
 * has answered. It is sent again with the same reference, so it is posted once.
 *
 * What is kept belongs to one user of one database. Each report has an entry of its own in
 * the storage: two tabs never overwrite what the other one keeps.
 */

import {FAILED, LOGGED_OUT, POSTED, REFUSED, UNANSWERED, judge} from "./answers";

const ROOT = "backflush_terminal.outbox";
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60000;
// What a report is.
export const WAITING = "waiting";
export const WAS_REFUSED = "refused";

/**
 * @param {number} tries that had no answer
 * @returns {number} milliseconds until the next one
 */
export function getPause(tries) {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.max(0, tries - 1));
}

export class Outbox {
  /**
   * @param {Object} options
   * @param {Storage} options.storage
   * @param {string} options.scope database and user: nobody else's reports are seen
   * @param {Function} options.send `async (item) => result`, fails with what the call does
   * @param {Function} options.onChange called whenever what is kept has changed
   * @param {Function} options.onSettled `(item, answer)`, once the server has answered
   * @param {Function} options.now milliseconds
   * @param {Function} options.wait `(callback, milliseconds) => handle`
   * @param {Function} options.stop `(handle)`
   */
  constructor(options) {
    Object.assign(this, {
      now: () => Date.now(),
      wait: (callback, pause) => setTimeout(callback, pause),
      stop: (handle) => clearTimeout(handle),
      onChange: () => {},
      onSettled: () => {},
      ...options,
    });
    this.prefix = `${ROOT}/${this.scope}/`;
    this.running = null;
    this.timer = null;
    this.trouble = "";
  }

  /** @returns {Object[]} what is kept, the oldest first */
  get items() {
    const items = [];
    for (let index = 0; index < this.storage.length; index++) {
      const key = this.storage.key(index);
      const item = key.startsWith(this.prefix) && this.read(key);
      if (item) {
        items.push(item);
      }
    }
    return items.sort((a, b) => a.created - b.created || a.order - b.order);
  }

  get waiting() {
    return this.items.filter((item) => item.state === WAITING);
  }

  get refused() {
    return this.items.filter((item) => item.state === WAS_REFUSED);
  }

  /**
   * Keep a report, and send it.
   *
   * @param {Object} values `{reference, …}`, plain
   * @returns {Promise<Object>} the answer: `{outcome, result | type, message, details}`;
   *     `outcome` says whether it is still kept
   * @throws {Error} where the device cannot keep it; nothing is sent then
   */
  async post(values) {
    const order = this.items.length;
    this.write({...values, created: this.now(), order, state: WAITING, tries: 0});
    this.onChange();
    await this.flush(true);
    return this.answers.get(values.reference) || {outcome: UNANSWERED};
  }

  /**
   * Send what waits, one after the other.
   *
   * @param {boolean} isAsked whether a person or the network asks for it: nothing is put off
   * @returns {Promise} until nothing is left to be tried now
   */
  async flush(isAsked = false) {
    if (this.running) {
      this.isAskedAgain = this.isAskedAgain || isAsked;
      return this.running;
    }
    this.stop(this.timer);
    this.answers = new Map();
    this.running = this.sendAll(isAsked);
    try {
      await this.running;
    } finally {
      this.running = null;
      this.schedule();
      this.onChange();
    }
  }

  async sendAll(isAsked) {
    const tried = new Set();
    for (;;) {
      const everything = isAsked || this.isAskedAgain;
      const item = this.waiting.find(
        (it) => !tried.has(it.reference) && (everything || this.isDue(it))
      );
      if (!item) {
        this.isAskedAgain = false;
        return;
      }
      tried.add(item.reference);
      const answer = await this.sendOne(item);
      this.answers.set(item.reference, answer);
      this.trouble = [UNANSWERED, LOGGED_OUT].includes(answer.outcome)
        ? answer.outcome
        : "";
      if (this.trouble) {
        // The others would fare no better.
        this.isAskedAgain = false;
        return;
      }
    }
  }

  async sendOne(item) {
    let answer = null;
    try {
      answer = {outcome: POSTED, result: await this.send(item)};
    } catch (error) {
      answer = judge(error);
    }
    const key = this.prefix + item.reference;
    const kept = this.read(key);
    if (answer.outcome === POSTED) {
      this.storage.removeItem(key);
      this.onSettled(item, answer);
    } else if (kept && answer.outcome === REFUSED) {
      const {type, message, details} = answer;
      this.write({...kept, state: WAS_REFUSED, problem: {type, message, details}});
      this.onSettled(item, answer);
    } else if (kept) {
      const tries = kept.tries + 1;
      const next = this.now() + getPause(tries);
      const message = answer.outcome === FAILED ? answer.message : "";
      this.write({...kept, tries, next, problem: {type: answer.outcome, message}});
    }
    this.onChange();
    return answer;
  }

  isDue(item) {
    return !item.next || item.next <= this.now();
  }

  schedule() {
    this.stop(this.timer);
    const next = Math.min(...this.waiting.map((item) => item.next || this.now()));
    if (Number.isFinite(next)) {
      this.timer = this.wait(() => this.flush(), Math.max(0, next - this.now()));
    }
  }

  /**
   * Forget a report, because a person says so or has mended it.
   *
   * @param {string} reference
   */
  discard(reference) {
    this.storage.removeItem(this.prefix + reference);
    this.onChange();
  }

  close() {
    this.stop(this.timer);
    this.wait = () => null;
  }

  // --- What is kept ---

  read(key) {
    try {
      const item = JSON.parse(this.storage.getItem(key));
      return item && item.reference ? item : null;
    } catch {
      return null;
    }
  }

  write(item) {
    this.storage.setItem(this.prefix + item.reference, JSON.stringify(item));
  }
}
