/** What the device calls its reports: the server posts each of them once. */

const LONGEST_PREFIX = 24;

/**
 * @param {string} name of a station, as people write it
 * @returns {string} what of it can stand in a reference
 */
export function makePrefix(name) {
  const words = name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return words.slice(0, LONGEST_PREFIX).replace(/-+$/, "") || "terminal";
}

/**
 * Browsers offer `randomUUID` over HTTPS only; random bytes they always have.
 *
 * @param {Crypto} source
 * @returns {string} a UUID of version 4
 */
export function makeUuid(source = globalThis.crypto) {
  if (source.randomUUID) {
    return source.randomUUID();
  }
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * @param {string} station its name
 * @param {Crypto} source
 * @returns {string} that no other report has
 */
export function makeReference(station, source = globalThis.crypto) {
  return `${makePrefix(station)}-${makeUuid(source)}`;
}
