import {Component, useState} from "@odoo/owl";
import {describeMissing, formatQuantity} from "./texts";
import {Dialog} from "@web/core/dialog/dialog";
import {REFUSED} from "../logic/answers";
import {_t} from "@web/core/l10n/translation";
import {localization} from "@web/core/l10n/localization";
import {readQuantity} from "../logic/quantity";
import {useAutofocus} from "@web/core/utils/hooks";
import {useNumpadDecimal} from "@web/views/fields/numpad_decimal_hook";

/** Asks what a report really was, and why. */
export class CorrectDialog extends Component {
  static template = "backflush_auto_terminal.CorrectDialog";
  static components = {Dialog};
  static props = {
    row: Object,
    digits: Number,
    correct: Function,
    close: Function,
  };

  setup() {
    this.state = useState({quantity: "", reason: "", problem: "", isSending: false});
    useAutofocus({refName: "quantity", mobile: true});
    useNumpadDecimal();
  }

  get title() {
    return _t("Correct %s", this.props.row.name);
  }

  get text() {
    const {row, digits} = this.props;
    return _t("%(posting)s counts %(left)s %(unit)s of %(product)s.", {
      posting: row.name,
      left: formatQuantity(row.left, digits),
      unit: row.label.unit,
      product: row.label.product,
    });
  }

  onKeydown(ev) {
    if (ev.key === "Enter") {
      ev.preventDefault();
      this.confirm();
    }
  }

  async confirm() {
    const text = this.state.quantity.trim();
    const quantity = readQuantity(text, localization.decimalPoint);
    if (!text || Number.isNaN(quantity)) {
      this.state.problem = describeMissing({code: "number"});
      return;
    }
    if (this.state.isSending) {
      return;
    }
    this.state.isSending = true;
    const answer = await this.props.correct(quantity, this.state.reason.trim());
    this.state.isSending = false;
    if (answer.outcome === REFUSED) {
      this.state.problem = answer.message;
    } else {
      this.props.close();
    }
  }
}
