import {browser} from "@web/core/browser/browser";
import {onWillDestroy} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** @returns {Function} that opens a posting by its id */
export function useOpenPosting() {
  const action = useService("action");
  return (id) =>
    action.doAction({
      type: "ir.actions.act_window",
      res_model: "mrp.backflush",
      res_id: id,
      views: [[false, "form"]],
    });
}

/**
 * @param {Object} listeners of the window, by the names of their events
 */
export function useListeners(listeners) {
  const entries = Object.entries(listeners);
  entries.forEach(([name, listener]) => browser.addEventListener(name, listener));
  onWillDestroy(() =>
    entries.forEach(([name, listener]) => browser.removeEventListener(name, listener))
  );
}

/**
 * @param {Function} callback
 * @param {number} pause milliseconds between two calls
 */
export function useTicks(callback, pause) {
  const ticks = browser.setInterval(callback, pause);
  onWillDestroy(() => browser.clearInterval(ticks));
}
