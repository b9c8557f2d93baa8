/** What a terminal sends: the keywords of `backflush_post`, made of what was entered. */

import {readQuantity, writeQuantity} from "./quantity";
import {shareLots} from "./scan";

// What computers make of decimals is no quantity that remains.
const MOST_DIGITS = 6;
export const KEEP = "keep";
export const BACKORDER = "backorder";
export const CANCEL = "cancel";

/** What was spoilt of one component, as it was sent, with the words of its order. */
function readDamage({product_id: productId, quantity, reason, lots}, {damageable}) {
  const known = damageable?.find((it) => it.product_id === productId);
  const lot = lots?.length ? lots[0].name : "";
  const {product = "", uom = ""} = known || {};
  return {productId, product, uom, quantity, reason, lot};
}

function writeDamage({productId, quantity, reason, lot}) {
  const lots = lot ? [{name: lot, quantity}] : [];
  return {product_id: productId, quantity, reason, lots};
}

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
    rest: values?.remainder || KEEP,
    damaged: (values?.damaged || []).map((it) => readDamage(it, order)),
  };
}

/**
 * @param {Object} entry what was entered
 * @param {string} entry.good
 * @param {string} entry.scrap
 * @param {string} entry.reason
 * @param {Boolean} entry.makeUp
 * @param {number} entry.workorderId at which it is reported; 0 = at the order
 * @param {Object[]} entry.damaged `{productId, product, uom, quantity, reason, lot}`
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
  }
  if (entry.damaged.length) {
    values.damaged = entry.damaged.map(writeDamage);
  }
  if (failed || entry.damaged.length) {
    values.scrap_only = !good;
  }
  return values;
}

/**
 * @param {Object} entry as for `makeReport`
 * @param {Object} order its card
 * @param {string} point the decimal point of the language
 * @returns {number} what the order has left after this report, if that is to be decided
 */
export function findRest(entry, {qty_remaining: remaining}, point) {
  const good = readQuantity(entry.good, point);
  const failed = entry.makeUp ? 0 : readQuantity(entry.scrap, point);
  const rest = Number((remaining - good - failed).toFixed(MOST_DIGITS));
  return good && !entry.workorderId && rest > 0 ? rest : 0;
}

/**
 * @param {Object} entry as for `makePreviewValues`, and
 * @param {string[]} entry.finished lots or serial numbers of the finished product
 * @param {Object} entry.lots `{product_id: [{name, free}]}`
 * @param {string} entry.rest what becomes of the rest: `KEEP`, `BACKORDER` or `CANCEL`
 * @param {Object} order its card
 * @param {Object[]} expected of the preview: `{move_id, product_id, expected}`
 * @param {string} point the decimal point of the language
 * @param {number} digits decimals that quantities have
 * @returns {Object} keywords of `backflush_post`, but for the reference
 */
export function makeReport(entry, order, expected, point, digits) {
  const values = makePreviewValues(entry, point);
  if (entry.rest !== KEEP && findRest(entry, order, point)) {
    values.remainder = entry.rest;
  }
  if (entry.finished.length && !entry.workorderId) {
    values.lot_names = [...entry.finished];
  }
  const named = [];
  for (const component of order.components) {
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
  if (!good && !failed && !entry.damaged.length) {
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
