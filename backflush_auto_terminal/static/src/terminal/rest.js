import {BACKORDER, CANCEL, KEEP} from "../logic/report";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Asks what becomes of what a report leaves of its order. */
export class Rest extends Component {
  static template = "backflush_auto_terminal.Rest";
  static props = {
    quantity: String,
    chosen: String,
    choose: Function,
  };

  setup() {
    this.choices = [
      {code: KEEP, name: _t("Keep open")},
      {code: BACKORDER, name: _t("Backorder")},
      {code: CANCEL, name: _t("No backorder")},
    ];
  }

  get title() {
    return _t("%s remain:", this.props.quantity);
  }
}
