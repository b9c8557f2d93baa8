/** Where a terminal stands: at a work center, at an operation type, or anywhere. */

const KINDS = {workcenter_id: "workcenter", picking_type_id: "picking_type"};
export const ANYWHERE = {kind: "", id: 0, name: ""};

/**
 * @param {Object} station `{kind, id, name}`
 * @returns {Object} the keywords by which the server limits orders to it
 */
export function getStationValues(station) {
  const [name] = Object.entries(KINDS).find(([, kind]) => kind === station.kind) || [];
  return name ? {[name]: station.id} : {};
}

/** What the address says, so that it can be kept as a bookmark. */
export function getStationAddress(station) {
  const nothing = Object.fromEntries(
    Object.keys(KINDS).map((name) => [name, undefined])
  );
  return {...nothing, ...getStationValues(station)};
}

/**
 * @param {Object[]} givens where the station may be named, the most important first
 * @param {Object} settings `{workcenters, picking_types}`, those that there are
 * @param {Object} remembered by the device
 * @returns {Object} the station that is named and exists, else the device's own
 */
export function findStation(givens, settings, remembered) {
  const lists = {
    workcenter: settings.workcenters,
    picking_type: settings.picking_types,
  };
  for (const given of givens) {
    for (const [name, kind] of Object.entries(KINDS)) {
      const known = lists[kind].find((it) => it.id === Number(given[name]));
      if (known) {
        return {kind, id: known.id, name: known.name};
      }
    }
  }
  return remembered;
}
