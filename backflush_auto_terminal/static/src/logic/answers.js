/** What became of a call: only what the server has decided leaves the device. */

import {
  ConnectionAbortedError,
  ConnectionLostError,
  RPCError,
} from "@web/core/network/rpc";

// The report is decided.
export const POSTED = "posted";
export const REFUSED = "refused";
// Nobody knows: it is sent again.
export const UNANSWERED = "unanswered";
export const FAILED = "failed";
export const LOGGED_OUT = "logged_out";

const REFUSALS = {
  "odoo.exceptions.UserError": "invalid",
  "odoo.exceptions.ValidationError": "invalid",
  "odoo.exceptions.RedirectWarning": "invalid",
  "odoo.exceptions.AccessError": "access",
  "odoo.exceptions.MissingError": "not_found",
};
const LOGGED_OUT_NAMES = [
  "odoo.http.SessionExpiredException",
  "odoo.exceptions.AccessDenied",
];

/** Somebody else has logged in meanwhile: what one has reported waits for that one. */
export class OtherUserError extends Error {}

/**
 * @param {Error} error that a call has ended with
 * @returns {Object} `{outcome, type, message, details}`
 */
export function judge(error) {
  if (error instanceof ConnectionLostError || error instanceof ConnectionAbortedError) {
    return {outcome: UNANSWERED, type: "", message: "", details: {}};
  }
  if (error instanceof OtherUserError) {
    return {outcome: LOGGED_OUT, type: "other_user", message: "", details: {}};
  }
  if (!(error instanceof RPCError)) {
    return {outcome: FAILED, type: "", message: `${error.message}`, details: {}};
  }
  const data = error.data || {};
  const message = data.message || error.message;
  if (LOGGED_OUT_NAMES.includes(error.exceptionName)) {
    return {outcome: LOGGED_OUT, type: "", message, details: {}};
  }
  const guessed = REFUSALS[error.exceptionName];
  if (!guessed) {
    return {outcome: FAILED, type: "", message, details: {}};
  }
  const {type = guessed, ...details} = data.context?.backflush || {};
  return {outcome: REFUSED, type, message, details};
}
