/** Quantities as they are entered: by keys of the screen, a keyboard, or both. */

const LARGEST = 1e12;
const MOST_CHARACTERS = 16;
export const POINT = "point";
export const BACK = "back";
export const CLEAR = "clear";

/**
 * @param {string} text that stands in the field
 * @param {string} key a digit, `POINT`, `BACK` or `CLEAR`
 * @param {string} point the decimal point of the language
 * @returns {string} what stands there then
 */
export function press(text, key, point) {
  if (key === CLEAR) {
    return "";
  }
  if (key === BACK) {
    return text.slice(0, -1);
  }
  if (text.length >= MOST_CHARACTERS) {
    return text;
  }
  if (key === POINT) {
    return text.includes(point) ? text : `${text || "0"}${point}`;
  }
  return text === "0" ? key : text + key;
}

/**
 * Only what means the same to everybody is a quantity: `1,5` where the comma is the
 * decimal point, and neither `1.000` there, nor `1e3`, nor `-1`.
 *
 * @param {string} text that was entered
 * @param {string} point the decimal point of the language
 * @returns {number} 0 where nothing was entered, NaN where it is no quantity
 */
export function readQuantity(text, point) {
  const trimmed = text.trim();
  if (!trimmed) {
    return 0;
  }
  const [whole, part, ...more] = trimmed.split(point);
  const isNumber =
    !more.length && /^\d+$/.test(whole || "0") && /^\d*$/.test(part || "");
  if (!isNumber || !/\d/.test(trimmed)) {
    return NaN;
  }
  const value = Number(`${whole || "0"}.${part || "0"}`);
  return value <= LARGEST ? value : NaN;
}

/**
 * @param {number} value
 * @param {string} point the decimal point of the language
 * @param {number} digits decimals that quantities have
 * @returns {string} as a person would enter it
 */
export function writeQuantity(value, point, digits) {
  const [whole, part = ""] = value.toFixed(digits).split(".");
  const rest = part.replace(/0+$/, "");
  return rest ? `${whole}${point}${rest}` : whole;
}
