import {REFUSED, UNANSWERED} from "../logic/answers";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {makeReference} from "../logic/reference";
import {user} from "@web/core/user";

// Milliseconds: how long a person waits for an answer.
const PATIENCE = 8000;

/**
 * Keep a report and send it, under a reference of its own.
 *
 * @param {Object} outbox
 * @param {Object} item `{model, method, target, values, label}`
 * @param {Object} station where it was made
 * @returns {Promise<Object>} the answer, or that there is none yet; what was refused is not
 *     kept, since the person has it in view
 */
export async function report(outbox, item, station) {
  const reference = makeReference(station.name);
  const companies = user.context.allowed_company_ids;
  const kept = {...item, reference, companies, station: {...station}};
  const patience = new Promise((resolve) =>
    browser.setTimeout(() => resolve({outcome: UNANSWERED}), PATIENCE)
  );
  try {
    const answer = await Promise.race([outbox.post(kept), patience]);
    if (answer.outcome === REFUSED) {
      outbox.discard(reference);
    }
    return answer;
  } catch (error) {
    const text = _t("This device cannot keep reports, so nothing was sent: %s", error);
    return {outcome: REFUSED, type: "device", message: text.toString()};
  }
}
