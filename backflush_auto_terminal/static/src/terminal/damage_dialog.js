import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {describeMissing} from "./texts";
import {localization} from "@web/core/l10n/localization";
import {readQuantity} from "../logic/quantity";
import {useNumpadDecimal} from "@web/views/fields/numpad_decimal_hook";

const SERIAL = "serial";

/** Asks which component was spoilt, how much of it, and why. */
export class DamageDialog extends Component {
  static template = "backflush_auto_terminal.DamageDialog";
  static components = {Dialog};
  static props = {
    components: Array,
    reasons: Array,
    add: Function,
    close: Function,
  };

  setup() {
    const [component, ...others] = this.props.components;
    const productId = others.length ? "" : component.product_id;
    this.state = useState({
      productId,
      quantity: "",
      reason: "",
      lot: "",
      isAsked: false,
    });
    useNumpadDecimal();
  }

  get component() {
    const {productId} = this.state;
    return this.props.components.find((it) => it.product_id === productId);
  }

  get hasLots() {
    return this.component && this.component.tracking !== "none";
  }

  get isSerial() {
    return this.component?.tracking === SERIAL;
  }

  get quantity() {
    return this.isSerial
      ? 1
      : readQuantity(this.state.quantity, localization.decimalPoint);
  }

  get missing() {
    if (!this.component) {
      return "component";
    }
    if (Number.isNaN(this.quantity)) {
      return "number";
    }
    if (!this.quantity) {
      return "damaged";
    }
    if (this.isSerial && !this.state.lot.trim()) {
      return "serial";
    }
    return this.props.reasons.length && !this.state.reason ? "cause" : "";
  }

  /** What is missing is said once somebody has tried to add it, and until it is there. */
  get problem() {
    const code = this.state.isAsked && this.missing;
    return code ? describeMissing({code}) : "";
  }

  onKeydown(ev) {
    if (ev.key === "Enter" && ev.target.matches("input")) {
      ev.preventDefault();
      this.confirm();
    }
  }

  confirm() {
    this.state.isAsked = true;
    if (this.missing) {
      return;
    }
    const {product_id: productId, product, uom} = this.component;
    const lot = this.hasLots ? this.state.lot.trim() : "";
    const {reason} = this.state;
    this.props.add({productId, product, uom, quantity: this.quantity, reason, lot});
    this.props.close();
  }
}
