/** Tells a keyboard-wedge scanner from a person: it types fast, and what is long. */

import {isTyped} from "./scan";

// Milliseconds between two keys of a scanner, at most: Odoo's barcode service has it, too.
const SCANNER_PAUSE = 150;
const SHORTEST_SCAN = 3;

export class Burst {
  constructor() {
    this.text = "";
    this.before = "";
    this.last = -Infinity;
  }

  /**
   * @param {string} key that was pressed
   * @param {string} value of the field before it
   * @param {number} time milliseconds
   */
  add(key, value, time) {
    if (time - this.last > SCANNER_PAUSE) {
      this.text = "";
      this.before = value;
    }
    this.text += key;
    this.last = time;
  }

  /**
   * @param {number} time of the key that ends it
   * @returns {boolean} whether a scanner has typed it
   */
  end(time) {
    const isRecent = time - this.last <= SCANNER_PAUSE;
    this.last = -Infinity;
    return isRecent && this.text.length >= SHORTEST_SCAN && !isTyped(this.text);
  }
}
