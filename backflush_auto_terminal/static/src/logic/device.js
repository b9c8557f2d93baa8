/** What this device remembers besides: its station, and what was reported here last. */

const ROOT = "backflush_terminal";
const MOST_REPORTS = 12;

export class Device {
  /**
   * @param {Storage} storage
   * @param {string} scope database and user
   */
  constructor(storage, scope) {
    this.storage = storage;
    this.scope = scope;
  }

  /** @returns {Object} `{kind, id, name}`; `kind` is `workcenter`, `picking_type` or empty */
  get station() {
    return this.read("station") || {kind: "", id: 0, name: ""};
  }

  set station(station) {
    this.write("station", station);
  }

  get isMuted() {
    return Boolean(this.read("muted"));
  }

  set isMuted(value) {
    this.write("muted", value);
  }

  /**
   * @param {Object} station
   * @returns {Object[]} what was reported there from here, the latest first
   */
  getReports(station) {
    const reports = this.read(this.getReportsKey(station));
    return Array.isArray(reports) ? reports : [];
  }

  /** Remember a posting, once, however often it is answered. */
  addReport(station, report) {
    const others = this.getReports(station).filter((it) => it.id !== report.id);
    const reports = [report, ...others].slice(0, MOST_REPORTS);
    this.write(this.getReportsKey(station), reports);
  }

  getReportsKey(station) {
    return `reports/${station.kind}${station.id || ""}`;
  }

  read(name) {
    try {
      return JSON.parse(this.storage.getItem(`${ROOT}.${name}/${this.scope}`));
    } catch {
      return null;
    }
  }

  write(name, value) {
    try {
      this.storage.setItem(`${ROOT}.${name}/${this.scope}`, JSON.stringify(value));
    } catch {
      // A device that remembers nothing reports all the same.
    }
  }
}
