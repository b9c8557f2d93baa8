/** What a terminal sends: the keywords of `backflush_post`, made of what was entered. */

import {readQuantity, writeQuantity} from "./quantity";
import {shareLots} from "./scan";

/**
 * An empty report, or one that was refused and is to be mended.
 *
 * @param {Object} card `{order, workorder, values}`
 * @param {string} point the decimal point of the language
 * @param {number} digits decimals that quantities have
 * @returns {Object} what is entered; see `makeReport`
 */
export function makeEntry({order, workorder, values}, point, digits) {
  const write = (value) => (value ? writeQuantity(value, point, digits) : "");
  const [failed] = values?.scrap || [];
  const none = order.components.map((it) => [it.product_id, []]);
  const named = (values?.components || []).map((it) => [
    it.product_id,
    it.lots.map(({name, quantity}) => ({name, free: quantity})),
  ]);
  // What is reported at the last operation is finished.
  const here = workorder && !workorder.last ? workorder.id : 0;
  return {
    good: write(values?.quantity),
    scrap: write(failed?.quantity),
    reason: failed?.reason || "",
    makeUp: Boolean(values?.make_up),
    workorderId: values ? values.workorder_id || 0 : here,
    finished: [...(values?.lot_names || [])],
    lots: Object.fromEntries([...none, ...named]),
  };
}

/**
 * @param {Object} entry what was entered
 * @param {string} entry.good
 * @param {string} entry.scrap
 * @param {string} entry.reason
 * @param {Boolean} entry.makeUp
 * @param {number} entry.workorderId at which it is reported; 0 = at the order
 * @param {string} point the decimal point of the language
 * @returns {Object} the keywords that a preview takes as well
 */
export function makePreviewValues(entry, point) {
  const good = readQuantity(entry.good, point);
  const failed = readQuantity(entry.scrap, point);
  const values = {quantity: good};
  if (entry.workorderId) {
    values.workorder_id = entry.workorderId;
  }
  if (failed) {
    values.scrap = [{quantity: failed, reason: entry.reason}];
    values.make_up = Boolean(entry.makeUp);
    values.scrap_only = !good;
  }
  return values;
}

/**
 * @param {Object} entry as for `makePreviewValues`, and
 * @param {string[]} entry.finished lots or serial numbers of the finished product
 * @param {Object} entry.lots `{product_id: [{name, free}]}`
 * @param {Object[]} components those with lots: `{product_id, tracking, move_id}`
 * @param {Object[]} expected of the preview: `{move_id, product_id, expected}`
 * @param {string} point the decimal point of the language
 * @param {number} digits decimals that quantities have
 * @returns {Object} keywords of `backflush_post`, but for the reference
 */
export function makeReport(entry, components, expected, point, digits) {
  const values = makePreviewValues(entry, point);
  if (entry.finished.length && !entry.workorderId) {
    values.lot_names = [...entry.finished];
  }
  const named = [];
  for (const component of components) {
    const lots = entry.lots[component.product_id] || [];
    // One product may stand on several lines: its first line takes the lots.
    if (lots.length && !named.some((it) => it.product_id === component.product_id)) {
      const isSame = (it) => it.product_id === component.product_id;
      const needed = expected.filter(isSame).reduce((sum, it) => sum + it.expected, 0);
      const shares = needed
        ? shareLots(needed, lots, component.tracking, digits)
        : lots.map(({name}) => ({name}));
      named.push({product_id: component.product_id, lots: shares});
    }
  }
  if (named.length) {
    values.components = named;
  }
  return values;
}

/**
 * What is missing before a report can be posted.
 *
 * @param {Object} entry as for `makeReport`
 * @param {Object} order its card
 * @param {string[]} reasons of scrap that can be chosen
 * @param {string} point the decimal point of the language
 * @returns {Object|null} `{code, number}`; null where nothing is missing
 */
export function findMissing(entry, order, reasons, point) {
  const good = readQuantity(entry.good, point);
  const failed = readQuantity(entry.scrap, point);
  if (Number.isNaN(good) || Number.isNaN(failed)) {
    return {code: "number"};
  }
  if (!good && !failed) {
    return {code: "quantity"};
  }
  if (failed && reasons.length && !entry.reason) {
    return {code: "reason"};
  }
  if (order.tracking === "serial" && !entry.workorderId) {
    const missing = good - entry.finished.length;
    if (missing) {
      return {
        code: missing > 0 ? "serials" : "serials_over",
        number: Math.abs(missing),
      };
    }
  }
  return null;
}
