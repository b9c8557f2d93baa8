import {REFUSED, judge} from "../logic/answers";
import {Component, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {formatQuantity} from "./texts";
import {useService} from "@web/core/utils/hooks";

/** The work orders of an order, to be started, paused and finished. */
export class Workorders extends Component {
  static template = "backflush_auto_terminal.Workorders";
  static props = {
    order: Object,
    digits: Number,
    reload: Function,
    finishRest: Function,
    fail: Function,
    refuse: Function,
  };

  setup() {
    this.orm = useService("orm");
    this.dialog = useService("dialog");
    this.state = useState({isBusy: false});
  }

  start(workorder) {
    return this.act(workorder, "button_start");
  }

  pause(workorder) {
    return this.act(workorder, "button_pending");
  }

  /** Nothing is left unreported: what remains is reported first, which finishes it. */
  finish(workorder) {
    if (!workorder.qty_remaining) {
      return this.act(workorder, "button_finish");
    }
    this.dialog.add(ConfirmationDialog, {
      title: _t("Finish %s?", workorder.name),
      body: _t("%(quantity)s %(unit)s are reported here, and it is finished.", {
        quantity: formatQuantity(workorder.qty_remaining, this.props.digits),
        unit: this.props.order.uom,
      }).toString(),
      confirmLabel: _t("Report and finish").toString(),
      confirm: () => this.props.finishRest(workorder),
      cancel: () => {},
    });
  }

  /** Click a button of Odoo's. */
  async act(workorder, method) {
    if (this.state.isBusy) {
      return;
    }
    this.state.isBusy = true;
    try {
      await this.orm.silent.call("mrp.workorder", method, [[workorder.id]]);
      await this.props.reload();
    } catch (error) {
      const {outcome, message, type} = judge(error);
      if (outcome === REFUSED) {
        this.props.refuse({message, type});
      } else {
        this.props.fail(error);
      }
    } finally {
      this.state.isBusy = false;
    }
  }
}
