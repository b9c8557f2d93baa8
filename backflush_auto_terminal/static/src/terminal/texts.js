/** Words for what is to happen, has happened, or was refused. */

import {LOGGED_OUT} from "../logic/answers";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";

// Components named in one line; the rest is counted.
const NAMED = 6;

/**
 * @param {number} value
 * @param {number} digits decimals that quantities have
 * @returns {string} without decimals that say nothing
 */
export function formatQuantity(value, digits) {
  return formatFloat(value || 0, {digits: [16, digits], trailingZeros: false});
}

/** How much an order is of, behind what is left of it. */
export function describeAll({quantity, uom}, digits) {
  return _t("of %(quantity)s %(unit)s to do", {
    quantity: formatQuantity(quantity, digits),
    unit: uom,
  }).toString();
}

/** Name quantities of components in one line. */
function list(parts) {
  const more = parts.length - NAMED;
  const named = parts.slice(0, NAMED);
  if (more > 0) {
    named.push(_t("%s more", more));
  }
  return named.join(", ");
}

function describePart(part, quantity, digits) {
  const lots = (part.lots || []).map((lot) => lot.name).join(", ");
  const text = `${formatQuantity(quantity, digits)} ${part.uom} ${part.product}`;
  return lots ? `${text} (${lots})` : text;
}

/** What was spoilt of one component, in words. */
export function describeDamage({product, uom, quantity, lot}, digits) {
  const lots = lot ? [{name: lot}] : [];
  return describePart({product, uom, lots}, quantity, digits);
}

/** What a report says was spoilt, behind what it says of the product. */
export function describeDamaged({damaged}) {
  if (!damaged?.length) {
    return "";
  }
  const text = _t("damaged: %s", list(damaged));
  return `, ${text}`;
}

/**
 * @param {Object} preview of `backflush_preview`
 * @param {number} digits
 * @returns {Object} `{leaves, damaged, short}`, each one line, or empty
 */
export function describePreview(preview, digits) {
  const leaving = preview.components.filter((part) => part.expected > 0);
  const short = preview.components.filter((part) => part.shortage > 0);
  return {
    leaves: list(leaving.map((part) => describePart(part, part.expected, digits))),
    damaged: list(
      preview.damaged.map((part) => describePart(part, part.quantity, digits))
    ),
    short: list(
      short.map((part) =>
        _t("%(missing)s %(unit)s %(product)s (%(free)s free in %(location)s)", {
          missing: formatQuantity(part.shortage - part.deferred, digits),
          unit: part.uom,
          product: part.product,
          free: formatQuantity(part.free, digits),
          location: part.location,
        })
      )
    ),
  };
}

/**
 * @param {Object} item that was sent
 * @param {Object} result that the server has answered
 * @param {number} digits
 * @returns {string} what has happened
 */
export function describePosting(item, result, digits) {
  const {label} = item;
  const damaged = label.damaged || [];
  const values = {
    good: formatQuantity(label.good, digits),
    scrap: formatQuantity(label.scrap, digits),
    unit: label.unit,
    product: label.product,
    order: result.production.name,
    posting: result.name,
    remaining: formatQuantity(result.production.qty_remaining, digits),
  };
  const sentences = [];
  if (item.corrects) {
    values.corrected = item.corrects;
    sentences.push(
      _t("%(corrected)s counts %(good)s %(unit)s of %(product)s now.", values)
    );
  } else if (label.scrap && !label.good) {
    sentences.push(
      _t("%(scrap)s %(unit)s of %(product)s scrapped on %(order)s.", values)
    );
  } else if (label.scrap) {
    sentences.push(
      _t(
        "%(good)s %(unit)s of %(product)s posted on %(order)s, %(scrap)s scrapped.",
        values
      )
    );
  } else if (label.good || !damaged.length) {
    sentences.push(_t("%(good)s %(unit)s of %(product)s posted on %(order)s.", values));
  }
  if (damaged.length) {
    sentences.push(_t("Damaged: %s.", list(damaged)));
  }
  const moved = result.components.filter((part) => part.consumed);
  if (moved.length) {
    const parts = list(
      moved.map((part) => describePart(part, Math.abs(part.consumed), digits))
    );
    sentences.push(
      item.corrects ? _t("Back: %s.", parts) : _t("Left stock: %s.", parts)
    );
  }
  sentences.push(
    result.production.state === "done"
      ? _t("The order is done.")
      : _t("%(remaining)s %(unit)s remain.", values)
  );
  if (result.backorder?.name) {
    sentences.push(_t("The rest is order %s.", result.backorder.name));
  }
  return sentences.join(" ");
}

/** What becomes of a report that nobody has answered yet. */
export function describeWaiting(outcome) {
  const isLoggedOut = outcome === LOGGED_OUT;
  return isLoggedOut
    ? _t("You are logged out. The report waits on this device.")
    : _t("No answer. The report waits on this device and is sent again.");
}

/**
 * @param {string} type of a refusal
 * @returns {string} what to do about it, or empty
 */
export function getAdvice(type) {
  const advice = {
    shortage: _t("Report what stock covers, or bring the components first."),
    lot: _t("Scan or enter the lot or serial number, then post again."),
    tolerance: _t(
      "Check the quantity. A manufacturing manager can report it as it is."
    ),
    state: _t("Somebody has changed the order. Go back and open it again."),
    access: _t("Ask a manufacturing manager."),
    not_found: _t("Go back and open the order again."),
    duplicate: _t(
      "Look at the last postings of this order before you report it again."
    ),
  };
  return advice[type] ? advice[type].toString() : "";
}

/**
 * @param {Object|null} missing see `findMissing`
 * @returns {string} what is to be entered yet, or empty
 */
export function describeMissing(missing) {
  if (!missing) {
    return "";
  }
  const texts = {
    number: _t("This is no quantity: digits and one decimal point only."),
    quantity: _t("Enter what is good, or what was scrapped."),
    component: _t("Choose the component."),
    damaged: _t("Enter how much of it was damaged."),
    cause: _t("Choose why it was damaged."),
    serial: _t("Enter its serial number."),
    reason: _t("Choose why it was scrapped."),
    serials: _t("%s serial numbers are missing: scan them.", missing.number),
    serials_over: _t("%s serial numbers too many.", missing.number),
  };
  return texts[missing.code].toString();
}
