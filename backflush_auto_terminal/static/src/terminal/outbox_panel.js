import {WAITING, WAS_REFUSED} from "../logic/outbox";
import {Component} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {describeDamaged, formatQuantity} from "./texts";
import {useService} from "@web/core/utils/hooks";

/** Reports that are still on the device: those on their way, and those to be mended. */
export class OutboxPanel extends Component {
  static template = "backflush_auto_terminal.OutboxPanel";
  static props = {
    items: Array,
    digits: Number,
    trouble: String,
    retry: Function,
    mend: Function,
    discard: Function,
  };

  setup() {
    this.dialog = useService("dialog");
  }

  get waiting() {
    return this.props.items.filter((item) => item.state === WAITING);
  }

  get refused() {
    return this.props.items.filter((item) => item.state === WAS_REFUSED);
  }

  get why() {
    const texts = {
      unanswered: _t("No connection."),
      logged_out: _t("Log in again as the user who reported this."),
    };
    return (texts[this.props.trouble] || "").toString();
  }

  describe({label, corrects}) {
    const {digits} = this.props;
    const values = {
      good: formatQuantity(label.good, digits),
      scrap: formatQuantity(label.scrap, digits),
      unit: label.unit,
      product: label.product,
      order: label.order,
      posting: corrects,
    };
    if (corrects) {
      return _t("%(posting)s: really %(good)s %(unit)s %(product)s", values);
    }
    const text = label.scrap
      ? _t("%(order)s: %(good)s %(unit)s %(product)s, %(scrap)s scrapped", values)
      : _t("%(order)s: %(good)s %(unit)s %(product)s", values);
    return text + describeDamaged(label);
  }

  get waitingText() {
    return _t("Waiting to be sent: %s.", this.waiting.length);
  }

  describeTries({tries}) {
    return _t("tries: %s", tries).toString();
  }

  discard(item) {
    const isUnknown = item.state === WAITING;
    this.dialog.add(ConfirmationDialog, {
      title: _t("Discard this report?"),
      body: (isUnknown
        ? _t(
            "Nobody knows whether it was posted. Look at the postings of the order before you report it again."
          )
        : _t("It was not posted, and will not be.")
      ).toString(),
      confirmLabel: _t("Discard").toString(),
      confirm: () => this.props.discard(item.reference),
      cancel: () => {},
    });
  }
}
