/** The call that a report on its way is. */

import {OtherUserError} from "./answers";
import {browser} from "@web/core/browser/browser";
import {rpc} from "@web/core/network/rpc";
import {user} from "@web/core/user";

// Milliseconds, more than Odoo works for a request.
const TIMEOUT = 130000;

async function call(model, method, args, kwargs) {
  const params = {model, method, args, kwargs};
  const url = `/web/dataset/call_kw/${model}/${method}`;
  const answer = rpc(url, params, {silent: true});
  const timer = browser.setTimeout(() => answer.abort(), TIMEOUT);
  try {
    return await answer;
  } finally {
    browser.clearTimeout(timer);
  }
}

/**
 * Send one report, under the name of the person who made it only: another tab may have
 * logged in somebody else.
 *
 * @param {Object} item `{model, method, target, values, reference, companies}`
 * @returns {Promise<Object>} the answer of the method
 */
export async function send(item) {
  const context = {...user.context, allowed_company_ids: item.companies};
  const userId = await call("mrp.production", "backflush_terminal_user", [], {context});
  if (userId !== user.userId) {
    throw new OtherUserError();
  }
  const kwargs = {...item.values, reference: item.reference, context};
  return call(item.model, item.method, [[item.target]], kwargs);
}
