import {Component} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateString, today} from "@web/core/l10n/dates";
import {describeAll, formatQuantity} from "./texts";
import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;

/** One order, or the work on it at one work center. */
export class OrderCard extends Component {
  static template = "backflush_auto_terminal.OrderCard";
  static props = {
    order: Object,
    workorder: {type: Object, optional: true},
    digits: Number,
    open: Function,
  };

  get due() {
    if (!this.props.order.due) {
      return "";
    }
    const due = deserializeDateTime(this.props.order.due);
    return due.hasSame(today(), "day")
      ? due.toLocaleString(DateTime.TIME_SIMPLE)
      : toLocaleDateString(due);
  }

  get remaining() {
    return (this.props.workorder || this.props.order).qty_remaining;
  }

  get stateName() {
    return (this.props.workorder || this.props.order).state_name;
  }

  get isWorking() {
    const {order, workorder} = this.props;
    return (workorder || order).state === "progress";
  }

  get percent() {
    const {quantity} = this.props.order;
    const done = quantity ? (1 - this.remaining / quantity) * 100 : 0;
    return Math.min(100, Math.max(0, Math.round(done)));
  }

  get ofAll() {
    const {order, digits} = this.props;
    return describeAll(order, digits);
  }

  get availability() {
    return _t("Components: %s", this.props.order.availability);
  }

  get scrapped() {
    return _t("%s scrapped", this.format(this.props.order.qty_scrapped));
  }

  format(value) {
    return formatQuantity(value, this.props.digits);
  }
}
