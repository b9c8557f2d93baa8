import {ANYWHERE, getStationValues} from "../logic/station";
import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {objectToUrlEncodedString} from "@web/core/utils/urls";

const ADDON = "backflush_auto_terminal";
const PATH = "report-at-the-line";

/** Asks where this device stands. */
export class StationDialog extends Component {
  static template = "backflush_auto_terminal.StationDialog";
  static components = {Dialog};
  static props = {
    settings: Object,
    station: Object,
    choose: Function,
    close: Function,
  };

  get groups() {
    const {workcenters, picking_types: types} = this.props.settings;
    const make = (kind) => (it) => ({kind, id: it.id, name: it.name});
    return [
      {name: "all", title: "", stations: [{...ANYWHERE, title: _t("All stations")}]},
      {
        name: "workcenters",
        title: _t("Work centers"),
        stations: workcenters.map(make("workcenter")),
      },
      {
        name: "types",
        title: _t("Operation types"),
        stations: types.map(make("picking_type")),
      },
    ].filter((group) => group.stations.length);
  }

  isChosen({kind, id}) {
    return kind === this.props.station.kind && id === this.props.station.id;
  }

  /** Odoo's page from which a browser puts an address on the home screen. */
  get installUrl() {
    const query = objectToUrlEncodedString(getStationValues(this.props.station));
    const path = `scoped_app/${PATH}${query ? `?${query}` : ""}`;
    const name = this.props.station.name || _t("Report at the Line");
    return `/scoped_app?app_id=${ADDON}&app_name=${encodeURIComponent(
      name
    )}&path=${encodeURIComponent(path)}`;
  }

  choose({kind, id, name}) {
    this.props.choose({kind, id, name});
    this.props.close();
  }
}
