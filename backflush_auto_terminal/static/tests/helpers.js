/** A storage of its own for each test. */
export class MemoryStorage {
  constructor() {
    this.entries = new Map();
  }

  get length() {
    return this.entries.size;
  }

  key(index) {
    return [...this.entries.keys()][index];
  }

  getItem(key) {
    return this.entries.has(key) ? this.entries.get(key) : null;
  }

  setItem(key, value) {
    this.entries.set(key, String(value));
  }

  removeItem(key) {
    this.entries.delete(key);
  }
}
