/** What a scan means, and how scanned lots share what is consumed. */

// Barcodes of products have at least eight digits, and nobody reports ten million.
const LONGEST_TYPED = 7;
export const RIGHT = "right";
export const WRONG = "wrong";
export const DUPLICATE = "duplicate";

/**
 * A keyboard-wedge scanner types, and fast typing looks like a scan.
 *
 * @param {string} text that came through the keyboard
 * @returns {boolean} whether a person may have typed it into a field of a quantity
 */
export function isTyped(text) {
  return text.length <= LONGEST_TYPED && /^[\d.,]+$/.test(text);
}

/**
 * Find what a lot or serial number is taken for: a component that has it, else the
 * finished product. Without an answer of the server only what is certain is taken.
 *
 * @param {string} name that was scanned
 * @param {Object} entry
 * @param {string} entry.tracking of the finished product
 * @param {Boolean} entry.reportsGoods whether finished goods come in by the report
 * @param {Object[]} entry.components `{product_id, tracking}`, those with lots
 * @param {string[]} entry.finished lots or serial numbers of the finished product
 * @param {Object} entry.lots `{product_id: [{name, free}]}` of components
 * @param {Object|null} found answer of `backflush_terminal_lot`; null where there is none
 * @returns {Object} `{sign, target, productId, free}`; `target` is `component`,
 *     `finished` or empty
 */
export function routeLot(name, entry, found) {
  const isGiven = (lots) => (lots || []).some((lot) => lot.name === name);
  const known = entry.components.filter((it) => isGiven(entry.lots[it.product_id]));
  if (known.length || entry.finished.includes(name)) {
    return {sign: DUPLICATE, target: ""};
  }
  const takesGoods = entry.reportsGoods && entry.tracking !== "none";
  const candidates = found ? found.components : guess(entry.components, takesGoods);
  if (candidates.length === 1) {
    const [{product_id: productId, free}] = candidates;
    if (free === undefined || free > 0) {
      return {sign: RIGHT, target: "component", productId, free};
    }
    return {sign: WRONG, target: "component", productId, free};
  }
  if (!candidates.length && takesGoods && !(found && isMade(found, entry))) {
    return {sign: RIGHT, target: "finished"};
  }
  return {sign: WRONG, target: ""};
}

/** Without the server a code is the one component's that has lots, or nobody's. */
function guess(components, takesGoods) {
  return components.length === 1 && !takesGoods ? components : [];
}

/** A serial number that exists was made before; a lot can be added to. */
function isMade(found, entry) {
  return found.finished && entry.tracking === "serial";
}

/**
 * Share a quantity among lots in the order in which they were scanned: each gives what it
 * has, the last takes the rest.
 *
 * @param {number} quantity that is expected of the component
 * @param {Object[]} lots `{name, free}`; `free` is undefined where nobody knows it
 * @param {string} tracking `lot` or `serial`
 * @param {number} digits decimals that quantities have
 * @returns {Object[]} `{name, quantity}`
 */
export function shareLots(quantity, lots, tracking, digits = 2) {
  if (tracking === "serial") {
    return lots.map(({name}) => ({name, quantity: 1}));
  }
  let left = quantity;
  const round = (value) => Number(value.toFixed(digits));
  return lots
    .map(({name, free}, index) => {
      const isLast = index === lots.length - 1;
      const share = isLast || free === undefined ? left : Math.min(left, free);
      left = round(left - share);
      return {name, quantity: round(share)};
    })
    .filter((lot) => lot.quantity > 0);
}
