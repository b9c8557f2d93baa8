import {DUPLICATE, RIGHT, WRONG, routeLot} from "../logic/scan";
import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {localization} from "@web/core/l10n/localization";
import {readQuantity} from "../logic/quantity";
import {useBus, useService} from "@web/core/utils/hooks";

/** Lots and serial numbers of a report, scanned or typed one after the other. */
export class Lots extends Component {
  static template = "backflush_auto_terminal.Lots";
  static props = {
    order: Object,
    entry: Object,
    names: Object,
    sound: Object,
    change: Function,
    fail: Function,
  };

  setup() {
    this.orm = useService("orm");
    this.state = useState({sign: null});
    useBus(this.props.names, "lot", ({detail}) => this.take(detail));
  }

  get takesFinished() {
    return this.props.order.tracking !== "none" && !this.props.entry.workorderId;
  }

  get takesLots() {
    return this.takesFinished || this.props.order.components.length > 0;
  }

  onKeydown(ev) {
    if (ev.key === "Enter") {
      ev.preventDefault();
      ev.stopPropagation();
      const name = ev.target.value.trim();
      ev.target.value = "";
      if (name) {
        this.take(name);
      }
    }
  }

  async take(name) {
    const {order, entry} = this.props;
    let found = null;
    try {
      found = await this.orm.silent.call(
        "mrp.production",
        "backflush_terminal_lot",
        [[order.id]],
        {name}
      );
    } catch (error) {
      this.props.fail(error);
    }
    const {sign, target, productId, free} = routeLot(
      name,
      {
        tracking: order.tracking,
        reportsGoods: !entry.workorderId,
        components: order.components,
        finished: entry.finished,
        lots: entry.lots,
      },
      found
    );
    if (sign === RIGHT && target === "finished") {
      this.addFinished(name);
    } else if (sign === RIGHT) {
      const others = entry.lots[productId] || [];
      entry.lots[productId] = [...others, {name, free}];
    }
    this.signal(sign, name, target);
    this.props.change();
  }

  /** A lot takes the place of another; each serial number is one more that is good. */
  addFinished(name) {
    const {order, entry} = this.props;
    if (order.tracking === "lot") {
      entry.finished = [name];
      return;
    }
    entry.finished.push(name);
    const good = readQuantity(entry.good, localization.decimalPoint);
    if (!(good >= entry.finished.length)) {
      entry.good = `${entry.finished.length}`;
    }
  }

  signal(sign, name, target) {
    const texts = {
      [RIGHT]: _t("%s: taken.", name),
      [DUPLICATE]: _t("%s: scanned before.", name),
      [WRONG]: target
        ? _t("%s: nothing of it is free for this order.", name)
        : _t("%s: not of this order.", name),
    };
    this.props.sound.play(sign);
    this.state.sign = {sign, text: texts[sign].toString()};
  }

  removeLot(productId, name) {
    const {lots} = this.props.entry;
    lots[productId] = lots[productId].filter((lot) => lot.name !== name);
    this.props.change();
  }

  removeFinished(name) {
    const {entry} = this.props;
    entry.finished = entry.finished.filter((it) => it !== name);
    this.props.change();
  }
}
